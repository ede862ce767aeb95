package io.pagebook.book;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Refuses file systems on which mappings or locks of several processes do not meet. */
final class FileSystemCheck {
  private static final Set<String> KNOWN = Set.of("ext2", "ext3", "ext4", "xfs", "tmpfs");
  private static final Set<String> REMOTE =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb2",
          "smb3",
          "smbfs",
          "ceph",
          "glusterfs",
          "9p",
          "afs",
          "lustre",
          "gfs2",
          "ocfs2");

  /** Those that this process has been warned of. */
  private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

  private FileSystemCheck() {}

  static void check(Path path) {
    Path directory = path.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      return;
    }
    String type;
    try {
      type = Files.getFileStore(directory).type().toLowerCase(Locale.ROOT);
    } catch (IOException | SecurityException e) {
      return;
    }
    if (REMOTE.contains(type) || type.startsWith("fuse")) {
      throw new BookException.Refused(
          "the file system is not one that processes can share a mapping on: fileSystem="
              + type
              + ", file="
              + path
              + "; use a local one, or /dev/shm");
    }
    if (!KNOWN.contains(type) && WARNED.add(type)) {
      System.getLogger("io.pagebook.book")
          .log(
              System.Logger.Level.WARNING,
              "the file system is not one that books are tested on, such as ext4, xfs or tmpfs:"
                  + " fileSystem={0}, file={1}; use /dev/shm or a volume. Logged once",
              type,
              path);
    }
  }
}
