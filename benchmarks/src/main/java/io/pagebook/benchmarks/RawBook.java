package io.pagebook.benchmarks;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.layout.ShardLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The first bytes of a book's file, mapped read-only: shows what the engine does there without
 * taking part in it.
 */
final class RawBook {
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final ByteBuffer bytes;
  private final Geometry geometry;

  /** Maps the file as long as it is now, up to 2 GiB. */
  RawBook(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      bytes =
          channel
              .map(
                  FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), Integer.MAX_VALUE - 7))
              .order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    geometry =
        new Geometry(
            bytes.getInt(BookLayout.PAGE_SIZE_OFFSET), bytes.getInt(BookLayout.SHARDS_OFFSET));
  }

  int shards() {
    return geometry.shards();
  }

  boolean isLocked(int shard) {
    return wordAt(geometry.shard(shard) + ShardLayout.LOCK_OFFSET) != OwnerWord.FREE;
  }

  boolean isAnyLocked() {
    for (int shard = 0; shard < shards(); shard++) {
      if (isLocked(shard)) {
        return true;
      }
    }
    return false;
  }

  /** Rises with each change of the shard. */
  long generation(int shard) {
    return wordAt(BookLayout.generation(shard));
  }

  /** A copy of all bytes, but with zeros for the participants, who show that they live. */
  byte[] snapshot() {
    byte[] copy = new byte[bytes.capacity()];
    bytes.get(0, copy);
    Arrays.fill(copy, (int) geometry.slot(0), (int) geometry.stripe(0), (byte) 0);
    return copy;
  }

  /** How many cache lines differ between two snapshots of the same length. */
  static int differingLines(byte[] one, byte[] other) {
    int lines = 0;
    for (int at = 0; at < one.length; at += BookLayout.LINE_BYTES) {
      int end = Math.min(at + BookLayout.LINE_BYTES, one.length);
      lines += Arrays.equals(one, at, end, other, at, end) ? 0 : 1;
    }
    return lines;
  }

  private long wordAt(long position) {
    return (long) LONG.getAcquire(bytes, (int) position);
  }
}
