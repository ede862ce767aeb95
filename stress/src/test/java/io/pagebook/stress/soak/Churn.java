package io.pagebook.stress.soak;

import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.RecordStore;
import io.pagebook.book.ValueType;
import io.pagebook.testing.CheckedValue;
import java.util.SplittableRandom;

/**
 * Writes, reads, removes and lets expire values from 1 byte to 20 MB, and checks what it reads. The
 * largest size of a key's values follows from the key, so that all of them together stay below some
 * 100 MB.
 */
final class Churn {
  static final int KEYS = 4000;

  private static final int GIANT = 20_000_000;
  private static final int KEYS_PER_GIANT = 1000;
  private static final int LARGE = 200_000;
  private static final int KEYS_PER_LARGE = 100;
  private static final int SMALL = 2000;
  private static final int LONGEST_LIFE_MS = 5000;

  private final PageBook book;
  private final RecordStore records;
  private final SplittableRandom random;
  private final RecordBuffer buffer = new RecordBuffer();
  private long sequence;

  Churn(PageBook book, SplittableRandom random) {
    this.book = book;
    this.records = book.records();
    this.random = random;
  }

  void step() {
    int key = random.nextInt(KEYS);
    if (key % KEYS_PER_GIANT == 0 && random.nextInt(20) != 0) {
      key++; // seldom: one of these moves as much as thousands of others
    }
    switch (random.nextInt(10)) {
      case 0 -> book.remove(key);
      case 1, 2, 3, 4 -> read(key);
      default -> write(key);
    }
  }

  private void write(int key) {
    byte[] value = value(key);
    buffer.setId(key);
    buffer.wrapValue(value, value.length);
    buffer.setType(ValueType.BYTES);
    buffer.setExpiryMillis(
        random.nextBoolean()
            ? RecordBuffer.NEVER
            : System.currentTimeMillis() + 1 + random.nextInt(LONGEST_LIFE_MS));
    records.put(buffer);
    buffer.dropValue();
  }

  private void read(int key) {
    buffer.setId(key);
    if (records.get(buffer)) {
      check(key, buffer.takeValue());
      if (buffer.isExpired(System.currentTimeMillis())) {
        records.remove(buffer, buffer.stamp()); // as a cache does that meets one
      }
    }
    buffer.dropValue();
  }

  private byte[] value(int key) {
    int most = SMALL;
    if (key % KEYS_PER_GIANT == 0) {
      most = GIANT;
    } else if (key % KEYS_PER_LARGE == 1) {
      most = LARGE;
    }
    int length = 1 + random.nextInt(most);
    if (length >= CheckedValue.MIN_LENGTH) {
      return new CheckedValue(key, 0, sequence++, length).encode();
    }
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) key);
    return bytes;
  }

  private static void check(int key, byte[] value) {
    if (value.length >= CheckedValue.MIN_LENGTH) {
      CheckedValue.decode(key, value);
      return;
    }
    for (byte b : value) {
      if (b != (byte) key) {
        throw new AssertionError("torn value: key=" + key + ", length=" + value.length);
      }
    }
  }
}
