package io.pagebook.book;

import io.pagebook.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;

/** Bytes that a seed determines, and comparisons that do not print megabytes. */
final class TestBytes {
  private TestBytes() {}

  static byte[] of(long seed, int length) {
    byte[] bytes = new byte[length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long word = Seeds.mix(seed);
    while (buffer.remaining() >= Long.BYTES) {
      buffer.putLong(word);
      word = Seeds.mix(word);
    }
    while (buffer.hasRemaining()) {
      buffer.put((byte) word);
      word >>>= Byte.SIZE;
    }
    return bytes;
  }

  /** Fails unless {@code actual} is, byte for byte, {@code expected}. */
  static void assertSame(byte[] actual, byte[] expected, String what) {
    if (actual == null) {
      throw new AssertionError(what + ": a miss instead of " + expected.length + " bytes");
    }
    int at = Arrays.mismatch(actual, expected);
    if (at >= 0) {
      throw new AssertionError(
          what
              + ": differs from byte "
              + at
              + " on: length "
              + actual.length
              + ", expected "
              + expected.length);
    }
  }

  /** A record's bytes as the no-copy read shows them. */
  static byte[] viewed(PageBook book, int id) {
    ByteBuffer all = ByteBuffer.allocate(Math.max(0, book.sizeBytes(id)));
    if (!book.view(id, all::put)) {
      throw new AssertionError("no-copy read misses: id=" + id);
    }
    if (all.hasRemaining()) {
      throw new AssertionError("no-copy read ends " + all.remaining() + " bytes early: id=" + id);
    }
    return all.array();
  }

  /** IDs at the edges of the ID space, those next to the reserved ones included. */
  static Stream<Integer> edgeIds() {
    return Stream.of(
        0,
        1,
        -2,
        -3,
        0xFFFFFF01,
        0xFFFFFEFF,
        255,
        256,
        -65536,
        65535,
        0x7FFFFF00,
        Integer.MIN_VALUE,
        Integer.MIN_VALUE + 1,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE - 1);
  }
}
