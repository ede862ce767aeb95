package io.pagebook.jcache.home;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/** Directories for books that the processes of one user find by a name. */
public final class UserDirectory {
  private static final Path MEMORY = Path.of("/dev/shm");

  /** Exists wherever this engine runs; belongs to the user that the process runs as. */
  private static final Path SELF = Path.of("/proc/self/");

  private static final Set<PosixFilePermission> OF_OTHERS =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private UserDirectory() {}

  /**
   * {@code /dev/shm/pagebook.<user>/<name>}: in memory, gone with the machine. Since anybody may
   * make a directory there, ours must be the user's own.
   *
   * @throws CacheException if there is no such place, or somebody else has it
   */
  public static Path inMemory(String name) {
    return inMemory(MEMORY, name);
  }

  static Path inMemory(Path memory, String name) {
    try {
      UserPrincipal user = Files.getOwner(SELF);
      // not "pagebook-": what begins with that and belongs to no process is swept away
      Path directory = memory.resolve("pagebook." + user.getName().replace('/', '_'));
      createPrivately(directory);
      PosixFileAttributes found =
          Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      String fix = fix(found, user);
      if (fix != null) {
        throw new CacheException(
            "directory is not this user's alone: directory="
                + directory
                + ", kind="
                + kind(found)
                + ", owner="
                + found.owner().getName()
                + ", mode="
                + PosixFilePermissions.toString(found.permissions())
                + ", user="
                + user.getName()
                + "; "
                + fix);
      }
      return directory.resolve(name);
    } catch (IOException e) {
      throw new CacheException("directory cannot be made: parent=" + memory + ", reason=" + e, e);
    }
  }

  /**
   * {@code ~/.cache/pagebook/<name>}, or in the directory that the environment variable
   * XDG_CACHE_HOME names: on disk, stays.
   *
   * @throws CacheException if the user has neither
   */
  public static Path onDisk(String name) {
    return onDisk(System.getenv("XDG_CACHE_HOME"), System.getProperty("user.home"), name);
  }

  static Path onDisk(@Nullable String configured, @Nullable String home, String name) {
    Path caches;
    if (configured != null && configured.startsWith("/")) { // empty or relative: to be ignored
      caches = Path.of(configured);
    } else if (home != null && home.startsWith("/")) {
      caches = Path.of(home, ".cache");
    } else { // "?", where the system does not know the user
      throw new CacheException(
          "user has no home directory: user.home="
              + home
              + "; use a path, or set the environment variable XDG_CACHE_HOME to one");
    }
    return caches.resolve("pagebook").resolve(name);
  }

  /** What is to be done about it; null if it is as it should be. */
  private static @Nullable String fix(PosixFileAttributes found, UserPrincipal user) {
    if (!found.owner().equals(user)) {
      return "have its owner remove it";
    }
    if (!found.isDirectory()) {
      return "remove it";
    }
    return found.permissions().stream().anyMatch(OF_OTHERS::contains)
        ? "see what others have put there, then remove it, or chmod 700 it"
        : null;
  }

  private static String kind(PosixFileAttributes found) {
    if (found.isSymbolicLink()) {
      return "symbolic link";
    }
    return found.isDirectory() ? "directory" : "file";
  }

  private static void createPrivately(Path directory) throws IOException {
    try {
      Files.createDirectory(directory, OwnerOnly.directory(directory));
    } catch (FileAlreadyExistsException e) {
      return; // whose it is, is looked at next
    }
  }
}
