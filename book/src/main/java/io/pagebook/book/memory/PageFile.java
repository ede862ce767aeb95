package io.pagebook.book.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors of a mapped file. An interrupted thread closes a channel that it calls; here the
 * interrupt is put aside, and a channel that was closed all the same is opened again, if its path
 * still names the same file. Thread-safe.
 */
final class PageFile implements AutoCloseable {
  /** Off the heap: a channel would copy others there first, to a buffer that the thread keeps. */
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 18).asReadOnlyBuffer();

  private final Path path;
  private final Object key;
  private FileChannel channel;
  private FileChannel appender;
  private boolean closed;

  private PageFile(Path path, Object key, FileChannel channel, FileChannel appender) {
    this.path = path;
    this.key = key;
    this.channel = channel;
    this.appender = appender;
  }

  /** Opens the file at {@code path}, which must exist, for reading and writing. */
  static PageFile open(Path path) throws IOException {
    while (true) {
      Object key = key(path);
      FileChannel channel = openChannel(path);
      FileChannel appender = null;
      boolean opened = false;
      try {
        appender = openAppender(path);
        if (key.equals(key(path))) {
          opened = true;
          return new PageFile(path, key, channel, appender);
        } // else it was replaced between the two opens: once more
      } finally {
        if (!opened) {
          channel.close();
          closeQuietly(appender);
        }
      }
    }
  }

  private static FileChannel openChannel(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }

  private static FileChannel openAppender(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.WRITE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
  }

  /** What identifies the file at a path on this host while it exists: device and inode. */
  static Object key(Path path) throws IOException {
    return key(path, attributes(path));
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static Object key(Path path, BasicFileAttributes attributes) throws IOException {
    Object key = attributes.fileKey();
    return key != null ? key : path.toRealPath();
  }

  Path path() {
    return path;
  }

  /** Takes no lock, nor does it ask the channel; see {@link PageMemory#lengthAt}. */
  long lengthAt(Path where) {
    try {
      BasicFileAttributes attributes = attributes(where);
      return key.equals(key(where, attributes)) ? attributes.size() : -1;
    } catch (IOException e) {
      return -1;
    }
  }

  synchronized long length() throws IOException {
    return uninterrupted(() -> channel.size());
  }

  /** Appends some zeros, but none beyond {@code length}. */
  synchronized void appendZeros(long length) throws IOException {
    uninterrupted(
        () -> {
          long missing = Math.max(0, length - channel.size());
          return appender.write(ZEROS.slice(0, (int) Math.min(ZEROS.capacity(), missing)));
        });
  }

  synchronized void truncate(long length) throws IOException {
    uninterrupted(() -> channel.truncate(length));
  }

  synchronized ByteBuffer map(long start, long length) throws IOException {
    return uninterrupted(() -> channel.map(FileChannel.MapMode.READ_WRITE, start, length));
  }

  /** An operation on a channel. */
  private interface ChannelCall<T> {
    T run() throws IOException;
  }

  /**
   * One that is hit is repeated, now or, where there is no descriptor to be had, by the next call.
   */
  private <T> T uninterrupted(ChannelCall<T> call) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try {
          return call.run();
        } catch (ClosedChannelException e) {
          if (closed) {
            throw e;
          }
          interrupted |= Thread.interrupted();
          reopen();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void reopen() throws IOException {
    closeQuietly(channel);
    closeQuietly(appender);
    channel = openChannel(path);
    appender = openAppender(path);
    if (lengthAt(path) < 0) {
      closeQuietly(channel);
      closeQuietly(appender);
      throw new FileSystemException(
          path.toString(), null, "the file was replaced while a thread was interrupted");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    closeQuietly(channel);
    closeQuietly(appender);
  }

  /** No use of them from here on, but they are left to the collector. */
  synchronized void abandon() {
    closed = true;
  }

  private static void closeQuietly(@Nullable AutoCloseable closeable) {
    if (closeable != null) {
      try {
        closeable.close();
      } catch (Exception e) {
        // nothing was buffered: there is nothing that a failed close could lose
      }
    }
  }
}
