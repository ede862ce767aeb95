package io.pagebook.jcache.home;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Permissions that let nobody in but the owner, from the first moment on. */
final class OwnerOnly {
  private static final FileAttribute<?>[] NONE = {};

  private OwnerOnly() {}

  /** For a new directory: 0700. */
  static FileAttribute<?>[] directory(Path path) {
    return attributes(path, "rwx------");
  }

  /** For a new file: 0600. */
  static FileAttribute<?>[] file(Path path) {
    return attributes(path, "rw-------");
  }

  private static FileAttribute<?>[] attributes(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : NONE;
  }
}
