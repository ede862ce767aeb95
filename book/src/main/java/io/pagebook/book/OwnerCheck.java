package io.pagebook.book;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;

/** Refuses what somebody else has laid down in a directory where others than its owner may. */
final class OwnerCheck {
  private static final Path SELF = Path.of("/proc/self");
  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private OwnerCheck() {}

  /** Checks a book, or its side file, if it is there. */
  static void check(Path file) throws IOException {
    Path directory = file.getParent();
    if (directory == null
        || !Files.isDirectory(directory)
        || Files.getPosixFilePermissions(directory).stream().noneMatch(OF_OTHERS::contains)
        || !Files.exists(SELF)) {
      return;
    }
    UserPrincipal self = Files.getOwner(SELF);
    UserPrincipal owner;
    try {
      owner = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    if (!owner.equals(self)) {
      throw new BookException.Refused(
          "the file is somebody else's, in a directory where others may make one: owner="
              + owner.getName()
              + ", user="
              + self.getName()
              + ", file="
              + file
              + "; use a directory of your own");
    }
  }
}
