package io.pagebook.jcache.home;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * A directory that belongs to one manager of one process: named after the process, locked as long
 * as it lives, deleted when it is closed or the JVM ends. What a killed process left is deleted by
 * the next one.
 */
/*
 * A process that lives holds a lock on the file ".owner" of its directory. POSIX drops a process's locks on a file
 * as soon as the process closes any descriptor of it, so a JVM must never open the lock file of a directory of its
 * own, not even through the classes of another class loader. The name tells: process ID and start time of the JVM
 * are the same for all its class loaders, and differ from those of a process that had the ID before, or has it in
 * another PID namespace.
 *
 * A sweeper and an owner that is just being born may meet. The owner locks and then looks whether the lock file is
 * still there; the sweeper deletes it only while it holds the lock. Whoever comes second sees it and goes
 * elsewhere. A directory without a lock file may be just born; it is left alone for a minute.
 */
final class PrivateDirectory {
  private static final Logger LOGGER = System.getLogger("io.pagebook.jcache");

  private static final String PREFIX = "pagebook-";
  private static final String LOCK_FILE = ".owner";
  private static final long LEAST_MEMORY_BYTES = 1L << 28;
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final int ATTEMPTS = 100;
  private static final Duration BIRTH = Duration.ofMinutes(1);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final AtomicBoolean SWEPT = new AtomicBoolean();

  /** Those of this class loader that are in use: deleted if the JVM ends without closing them. */
  private static final Set<Path> LIVE = ConcurrentHashMap.newKeySet();

  private static @Nullable Thread shutdownHook;

  private final Path path;
  private final FileChannel owner;

  private PrivateDirectory(Path path, FileChannel owner) {
    this.path = path;
    this.owner = owner;
  }

  /**
   * Makes one, and sweeps what dead processes left.
   *
   * @throws CacheException if there is no place for it
   */
  static PrivateDirectory create() {
    PrivateDirectory directory = createIn(parent());
    if (SWEPT.compareAndSet(false, true)) {
      directory.sweep();
    }
    return directory;
  }

  static PrivateDirectory createIn(Path parent) {
    IOException last = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Path path = parent.resolve(ownPrefix() + HexFormat.of().toHexDigits(RANDOM.nextInt()));
      try {
        Files.createDirectory(path, OwnerOnly.directory(path));
        FileChannel owner = own(path);
        if (owner != null) {
          register(path);
          return new PrivateDirectory(path, owner);
        }
      } catch (IOException e) {
        last = e;
      }
    }
    throw new CacheException(
        "directory for a private manager cannot be created: parent="
            + parent
            + ", reason="
            + last
            + "; make it writable, or name another with the system property java.io.tmpdir",
        last);
  }

  Path path() {
    return path;
  }

  /** Deletes the directory with all that is in it. */
  void close() {
    unregister(path);
    delete(path);
    try {
      owner.close();
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "lock of a private directory cannot be closed", e);
    }
  }

  /** Deletes the directories beside this one whose processes are gone. */
  void sweep() {
    try (DirectoryStream<Path> candidates =
        Files.newDirectoryStream(path.resolveSibling("."), PREFIX + "*-*-*")) {
      UserPrincipal user = Files.getOwner(path);
      for (Path candidate : candidates) {
        if (!String.valueOf(candidate.getFileName()).startsWith(ownPrefix())
            && Files.isDirectory(candidate, LinkOption.NOFOLLOW_LINKS)
            && Files.getOwner(candidate, LinkOption.NOFOLLOW_LINKS).equals(user)) {
          sweepIfDead(candidate);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOGGER.log(Level.DEBUG, "private directories cannot be swept: beside=" + path, e);
    }
  }

  private static void sweepIfDead(Path candidate) {
    try (FileChannel channel =
            FileChannel.open(
                candidate.resolve(LOCK_FILE),
                Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        delete(candidate);
      }
    } catch (NoSuchFileException e) {
      deleteIfOld(candidate);
    } catch (OverlappingFileLockException e) {
      LOGGER.log(
          Level.WARNING, "private directory has the name of another process: {0}", candidate);
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "private directory cannot be swept: directory=" + candidate, e);
    }
  }

  private static void deleteIfOld(Path candidate) {
    try {
      Instant born = Files.getLastModifiedTime(candidate, LinkOption.NOFOLLOW_LINKS).toInstant();
      if (born.isBefore(Instant.now().minus(BIRTH))) {
        delete(candidate);
      }
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "private directory cannot be swept: directory=" + candidate, e);
    }
  }

  /** Locks a directory that was just made; null if a sweeper was faster. */
  private static @Nullable FileChannel own(Path path) throws IOException {
    Path lockFile = path.resolve(LOCK_FILE);
    FileChannel channel =
        FileChannel.open(
            lockFile,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OwnerOnly.file(lockFile));
    boolean owned = false;
    try {
      // held until the channel is closed
      @SuppressWarnings("UnusedVariable")
      FileLock lock = channel.tryLock();
      owned = lock != null && Files.exists(lockFile, LinkOption.NOFOLLOW_LINKS);
    } finally {
      if (!owned) {
        channel.close();
      }
    }
    return owned ? channel : null;
  }

  /** A container often has no more than 64 MiB there, which others want, too. */
  private static Path parent() {
    return Files.isDirectory(MEMORY) && Files.isWritable(MEMORY) && isMemoryWithRoom(MEMORY)
        ? MEMORY
        : Path.of(System.getProperty("java.io.tmpdir"));
  }

  private static boolean isMemoryWithRoom(Path path) {
    try {
      FileStore store = Files.getFileStore(path);
      return store.type().equals("tmpfs") && store.getTotalSpace() >= LEAST_MEMORY_BYTES;
    } catch (IOException e) {
      return false;
    }
  }

  /** Tells this JVM from any other, of now or of before. */
  private static String ownPrefix() {
    return PREFIX
        + ProcessHandle.current().pid()
        + "-"
        + ManagementFactory.getRuntimeMXBean().getStartTime()
        + "-";
  }

  private static void register(Path path) {
    synchronized (LIVE) {
      LIVE.add(path);
      if (shutdownHook == null) {
        Thread hook = new Thread(() -> LIVE.forEach(PrivateDirectory::delete), "pagebook-cleanup");
        try {
          Runtime.getRuntime().addShutdownHook(hook);
          shutdownHook = hook;
        } catch (IllegalStateException e) {
          LOGGER.log(Level.DEBUG, "the JVM is ending: the next process sweeps its directories", e);
        }
      }
    }
  }

  private static void unregister(Path path) {
    synchronized (LIVE) {
      LIVE.remove(path);
      if (LIVE.isEmpty() && shutdownHook != null) {
        try {
          Runtime.getRuntime().removeShutdownHook(shutdownHook); // it would pin the class loader
          shutdownHook = null;
        } catch (IllegalStateException e) {
          LOGGER.log(Level.DEBUG, "the JVM is ending", e);
        }
      }
    }
  }

  private static void delete(Path directory) {
    try {
      Files.walkFileTree(directory, new Deleter());
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "private directory cannot be deleted: directory=" + directory, e);
    }
  }

  /** Deletes a tree, the lock file last, without following links. */
  private static final class Deleter extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (!file.endsWith(LOCK_FILE)) {
        Files.deleteIfExists(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
        throws IOException {
      Files.deleteIfExists(directory.resolve(LOCK_FILE));
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
