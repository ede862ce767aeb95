package io.pagebook.book.process;

import io.pagebook.book.BookException;
import io.pagebook.book.layout.SideFileLayout;
import io.pagebook.book.memory.PageMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code .pagebook.locks} of a directory, see {@link SideFileLayout}. What matters is the
 * kernel locks on bytes far beyond its end, one for each live participant of each book, which the
 * kernel drops when a process dies, however it dies.
 */
/*
 * POSIX drops all of a process's locks on a file when the process closes any descriptor of it. So there is
 * one channel per file and JVM, shared by all class loaders: it stands in a map in the system properties that
 * holds types of the JDK only. On that channel nothing but tryLock and release is ever called once locks are held (an
 * interrupt would close it in size, map, read, write or force). All probing of one JVM is serialised by the
 * entry's monitor, because two probes of one byte in one JVM overlap.
 */
public final class SideFile implements AutoCloseable {
  public static final String NAME = ".pagebook.locks";

  /** What its names start with before it is complete. */
  public static final String TEMPORARY_PREFIX = NAME + ".";

  private static final String REGISTRY_KEY = "io.pagebook.side-files";

  private static final int CHANNEL = 0;
  private static final int USERS = 1;
  private static final int LOCKS = 2;
  private static final int ID = 3;

  /** What a probe of a byte found. */
  enum Probe {
    /** A process holds it: its owner lives. */
    HELD,
    /** Nobody holds it. */
    FREE,
    /** It is this JVM's own, or could not be told. */
    UNKNOWN
  }

  private final Path path;
  private final String key;
  private final Object[] entry;
  private boolean closed;

  private SideFile(Path path, String key, Object[] entry) {
    this.path = path;
    this.key = key;
    this.entry = entry;
  }

  /** Opens the side file of a directory, creating it if {@code mayCreate}. */
  public static SideFile open(Path directory, boolean mayCreate) throws IOException {
    Path path = directory.resolve(NAME);
    Map<String, Object[]> registry = registry();
    synchronized (registry) {
      if (mayCreate && !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        create(directory, path);
      }
      String key = fileKey(path);
      Object[] entry = registry.get(key);
      if (entry == null) {
        entry = openEntry(path);
        registry.put(key, entry);
      }
      entry[USERS] = (Integer) entry[USERS] + 1;
      return new SideFile(path, key, entry);
    }
  }

  /** The ID that the books of this directory repeat. */
  public long id() {
    return (Long) entry[ID];
  }

  public Path path() {
    return path;
  }

  /**
   * Takes the kernel lock on a byte until {@link #unlock}; false if another process or another part
   * of this JVM holds it.
   */
  public boolean tryLock(long position) {
    PageMemory.throwLateError();
    synchronized (entry) {
      if (locks().containsKey(position)) {
        return false;
      }
      FileLock lock = lock(position, false);
      if (lock == null) {
        return false;
      }
      locks().put(position, lock);
      return true;
    }
  }

  public void unlock(long position) {
    synchronized (entry) {
      FileLock lock = locks().remove(position);
      if (lock != null) {
        release(lock);
      }
    }
  }

  Probe probe(long position) {
    PageMemory.throwLateError();
    synchronized (entry) {
      if (locks().containsKey(position)) {
        return Probe.UNKNOWN;
      }
      FileLock lock = lock(position, true);
      if (lock == null) {
        return Probe.HELD;
      }
      release(lock);
      return Probe.FREE;
    }
  }

  @Override
  public void close() {
    Map<String, Object[]> registry = registry();
    synchronized (registry) {
      if (closed) {
        return;
      }
      closed = true;
      entry[USERS] = (Integer) entry[USERS] - 1;
      if ((Integer) entry[USERS] == 0) {
        registry.remove(key);
        try {
          channel().close();
        } catch (IOException e) {
          // no lock was held through it any more
        }
      }
    }
  }

  private FileChannel channel() {
    return (FileChannel) entry[CHANNEL];
  }

  @SuppressWarnings("unchecked") // the registry holds JDK types only; this class alone writes it
  private Map<Long, FileLock> locks() {
    return (Map<Long, FileLock>) entry[LOCKS];
  }

  private @Nullable FileLock lock(long position, boolean shared) {
    try {
      return channel().tryLock(position, 1, shared);
    } catch (OverlappingFileLockException e) {
      return null;
    } catch (ClosedChannelException e) { // by another thread, which closed the last book here
      throw new BookException.Closed("the book is closed: file=" + path);
    } catch (IOException e) {
      throw new BookException.Refused("the side file cannot be locked: file=" + path, e);
    }
  }

  private void release(FileLock lock) {
    try {
      lock.release();
    } catch (IOException e) {
      throw new BookException.Refused("the side file cannot be unlocked: file=" + path, e);
    }
  }

  private static void create(Path directory, Path path) throws IOException {
    Path temporary = directory.resolve(TEMPORARY_PREFIX + randomId());
    Files.createFile(
        temporary,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      ByteBuffer content = ByteBuffer.allocate(SideFileLayout.FILE_BYTES); // big-endian
      content.putLong(SideFileLayout.MARK_OFFSET, SideFileLayout.MARK);
      content.putLong(SideFileLayout.ID_OFFSET, randomId());
      Files.write(temporary, content.array(), StandardOpenOption.WRITE);
      Files.createLink(path, temporary);
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      } // else another process was first, and may have swept ours away: its file is the one
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static Object[] openEntry(Path path) throws IOException {
    while (true) {
      boolean interrupted = Thread.interrupted();
      boolean opened = false;
      FileChannel channel =
          FileChannel.open(
              path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      try {
        ByteBuffer content = ByteBuffer.allocate(SideFileLayout.FILE_BYTES); // big-endian
        while (content.hasRemaining() && channel.read(content) >= 0) {
          // until the file ends
        }
        if (content.hasRemaining()
            || content.getLong(SideFileLayout.MARK_OFFSET) != SideFileLayout.MARK) {
          throw new BookException.NotABook(
              "the side file is not one of a book directory: file=" + path + "; move it away");
        }
        long id = content.getLong(SideFileLayout.ID_OFFSET);
        Object[] entry = {channel, 0, new ConcurrentHashMap<Long, FileLock>(), id};
        opened = true;
        return entry;
      } catch (ClosedByInterruptException e) {
        interrupted |= Thread.interrupted();
      } finally {
        if (!opened) {
          channel.close();
        }
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private static String fileKey(Path path) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw new FileSystemException(
          path.toString(), null, "the side file is not a regular file; remove it");
    }
    Object key = attributes.fileKey();
    return key == null ? path.toRealPath().toString() : key.toString();
  }

  static long randomId() {
    return new SecureRandom().nextLong() >>> (Long.SIZE - SideFileLayout.ID_BITS);
  }

  @SuppressWarnings("unchecked") // the key is ours
  private static Map<String, Object[]> registry() {
    return (Map<String, Object[]>)
        System.getProperties()
            .computeIfAbsent(REGISTRY_KEY, k -> new ConcurrentHashMap<String, Object[]>());
  }
}
