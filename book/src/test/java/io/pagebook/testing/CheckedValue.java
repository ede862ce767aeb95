package io.pagebook.testing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A value that says who wrote it and proves that it is whole: key, writer and sequence, a filler
 * that each of them determines, and a checksum over all.
 *
 * @param key the key that the value was stored under
 * @param writer who stored it
 * @param sequence the writer's count of writes to that key
 * @param length bytes of the encoded value
 */
public record CheckedValue(int key, int writer, long sequence, int length) {
  /** The shortest encoded value: magic, key, writer, length, sequence, checksum. */
  public static final int MIN_LENGTH = 32;

  private static final int MAGIC = 0x50425631;
  private static final int HEADER_LENGTH = 24;
  private static final int CHECKSUM_LENGTH = 8;
  private static final int FILLER_LENGTH = 256;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  public CheckedValue {
    if (length < MIN_LENGTH) {
      throw new IllegalArgumentException("value too short: length=" + length);
    }
  }

  /** The bytes of this value. */
  public byte[] encode() {
    byte[] bytes = new byte[length];
    INT.set(bytes, 0, MAGIC);
    INT.set(bytes, 4, key);
    INT.set(bytes, 8, writer);
    INT.set(bytes, 12, length);
    LONG.set(bytes, 16, sequence);
    int end = length - CHECKSUM_LENGTH;
    long word = fillerSeed();
    int at = HEADER_LENGTH;
    for (; at + Long.BYTES <= end && at < HEADER_LENGTH + FILLER_LENGTH; at += Long.BYTES) {
      word = Seeds.mix(word);
      LONG.set(bytes, at, word);
    }
    if (at == HEADER_LENGTH + FILLER_LENGTH) {
      // repeated by block copies: children that run for a second only should not spend it here
      for (int have = FILLER_LENGTH; at < end; at += have, have *= 2) {
        System.arraycopy(bytes, HEADER_LENGTH, bytes, at, Math.min(have, end - at));
      }
    } else {
      word = Seeds.mix(word);
      for (; at < end; at++) {
        bytes[at] = (byte) word;
        word >>>= Byte.SIZE;
      }
    }
    LONG.set(bytes, end, checksum(bytes, end));
    return bytes;
  }

  /**
   * The value that {@code bytes} hold.
   *
   * @throws AssertionError if they are not, to the last byte, one value that was written for {@code
   *     key}
   */
  public static CheckedValue decode(int key, byte[] bytes) {
    if (bytes.length < MIN_LENGTH || (int) INT.get(bytes, 0) != MAGIC) {
      throw torn("no header", key, bytes);
    }
    int length = (int) INT.get(bytes, 12);
    if (length != bytes.length) {
      throw torn("written with length " + length, key, bytes);
    }
    CheckedValue value =
        new CheckedValue(
            (int) INT.get(bytes, 4), (int) INT.get(bytes, 8), (long) LONG.get(bytes, 16), length);
    if (value.key != key) {
      throw torn("written for another key: " + value, key, bytes);
    }
    int end = length - CHECKSUM_LENGTH;
    if ((long) LONG.get(bytes, end) != checksum(bytes, end)) {
      int at = Arrays.mismatch(bytes, value.encode());
      throw torn("first wrong byte at " + at + " of " + value, key, bytes);
    }
    return value;
  }

  private long fillerSeed() {
    return Seeds.mix(((long) key << 32 | (writer & 0xFFFFFFFFL)) ^ Seeds.mix(sequence));
  }

  private static long checksum(byte[] bytes, int end) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, end);
    return crc.getValue();
  }

  private static AssertionError torn(String what, int key, byte[] bytes) {
    return new AssertionError("torn value: " + what + ": key=" + key + ", length=" + bytes.length);
  }
}
