package io.pagebook.stress.api;

import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.RecordStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A book for the tests of one JVM, in which each state has a key of its own; a key is used again
 * much later than jcstress has dropped its state.
 */
final class OneBook {
  private static final int KEYS = 1 << 16;
  private static final int LENGTH = 40;
  private static final AtomicInteger NEXT = new AtomicInteger();

  /** The book, which has no name any more. */
  static final PageBook BOOK = open();

  private OneBook() {}

  private static PageBook open() {
    try {
      Path directory = Files.createTempDirectory("pagebook-jcstress-");
      PageBook book = PageBook.open(directory.resolve("a.book"));
      directory.toFile().deleteOnExit();
      directory.resolve(".pagebook.locks").toFile().deleteOnExit();
      book.file().toFile().deleteOnExit();
      return book;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A key that is absent. */
  static int absentKey() {
    int key = NEXT.getAndIncrement() & KEYS - 1;
    BOOK.remove(key);
    return key;
  }

  /** A key that holds a number. */
  static int keyOf(int number) {
    int key = NEXT.getAndIncrement() & KEYS - 1;
    BOOK.putBytes(key, value(number));
    return key;
  }

  /** The value of a number: its digit, many times. */
  static byte[] value(int number) {
    return Character.toString('0' + number).repeat(LENGTH).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The number of a value; 0 for none, -1 for one that nobody wrote. */
  static int number(byte @Nullable [] value) {
    if (value == null) {
      return 0;
    }
    if (value.length != LENGTH) {
      return -1;
    }
    for (byte b : value) {
      if (b != value[0]) {
        return -1;
      }
    }
    return value[0] - '0';
  }

  static int get(int key) {
    return number(BOOK.getBytes(key));
  }

  /** Adds one to the number of a key under the lock of the key. */
  static void addOne(int key) {
    RecordStore.KeyLock lock = records().lock(buffer(key, 0));
    try {
      BOOK.putBytes(key, value(get(key) + 1));
    } finally {
      lock.close();
    }
  }

  static RecordStore records() {
    return BOOK.records();
  }

  /** A buffer that says: this number for this key. */
  static RecordBuffer buffer(int key, int number) {
    RecordBuffer buffer = new RecordBuffer();
    buffer.setId(key);
    set(buffer, number);
    return buffer;
  }

  static void set(RecordBuffer buffer, int number) {
    byte[] value = value(number);
    buffer.wrapValue(value, value.length);
  }
}
