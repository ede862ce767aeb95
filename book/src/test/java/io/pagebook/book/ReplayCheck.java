package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedValue;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * What must be true of a book that a dead process left in the middle of an operation: each key has
 * its whole value from before or from after it, nothing is broken or lost when recovery is done,
 * and the book serves. Threads may look at once, each at a directory of its own.
 */
final class ReplayCheck {
  private static final byte[] ABSENT = {};
  private static final int LARGE = 40_000;

  /** The book is checked after recovery; of so many, one is checked after more writes, too. */
  private static final int LOOKS_PER_SECOND_CHECK = KillAnywhereIT.LONG ? 1 : 4;

  private final ReplayedOperation operation;
  private final byte[][] before;
  private final byte[][] after;
  private final List<AssertionError> failures = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger looks = new AtomicInteger();

  /** From the images before and after the operation. */
  ReplayCheck(ReplayedOperation operation, Path before, Path after) throws IOException {
    this(operation, read(operation, before), read(operation, after));
  }

  private ReplayCheck(ReplayedOperation operation, byte[][] before, byte[][] after) {
    this.operation = operation;
    this.before = before;
    this.after = after;
  }

  /** The same about an operation that ends what this one began. */
  ReplayCheck of(ReplayedOperation other) {
    return new ReplayCheck(other, before, after);
  }

  private static byte[][] read(ReplayedOperation operation, Path directory) throws IOException {
    try (PageBook book =
        PageBook.open(directory.resolve(KillAnywhereIT.BOOK), operation.options())) {
      return read(operation, book);
    } finally {
      delete(directory);
    }
  }

  /** The value of each key. */
  private static byte[][] read(ReplayedOperation operation, PageBook book) {
    byte[][] values = new byte[operation.keys()][];
    for (int key = 0; key < values.length; key++) {
      byte[] bytes = book.getBytes(key);
      if (bytes != null) {
        CheckedValue.decode(key, bytes);
      }
      values[key] = bytes == null ? ABSENT : bytes;
    }
    return values;
  }

  /** Keys that the operation changes. */
  long changes() {
    return IntStream.range(0, before.length)
        .filter(key -> !Arrays.equals(before[key], after[key]))
        .count();
  }

  /** Fails with the first of the looks that failed, and says how many did. */
  void assertNoFailure() {
    if (!failures.isEmpty()) {
      AssertionError first = failures.get(0);
      throw new AssertionError(failures.size() + " failed: " + first.getMessage(), first);
    }
  }

  /** What may not fail. */
  interface Look {
    void run() throws IOException;
  }

  /** Notes a failure of a look. */
  void run(Look look, String where) throws IOException {
    try {
      look.run();
    } catch (AssertionError | RuntimeException e) {
      failures.add(new AssertionError(operation.name() + ", " + where + ": " + e, e));
    }
  }

  /** Looks at a directory, and deletes it. */
  void run(Path directory, String where) throws IOException {
    try {
      run(() -> check(directory.resolve(KillAnywhereIT.BOOK)), where);
    } finally {
      delete(directory);
    }
  }

  private void check(Path file) throws IOException {
    try (PageBook book = PageBook.open(file, operation.options())) {
      Inside.withoutHousekeeper(book);
      byte[][] found = read(operation, book);
      for (int key = 0; key < found.length; key++) {
        if (!isLegal(key, found[key])) {
          throw new AssertionError(
              "neither the old nor the new value: key="
                  + key
                  + ", old="
                  + before[key].length
                  + " bytes, new="
                  + after[key].length
                  + " bytes, found="
                  + found[key].length
                  + " bytes");
        }
      }
      BookChecker.Report report = BookChecker.check(file);
      assertThat(report.violations()).isEmpty();
      assertThat(report.reservedPages()).as("pages that nobody gave back").isZero();
      if (operation.options().maximumSizeBytes() != 0) {
        var pool = Inside.context(book).pool();
        var geometry = Inside.geometry(book);
        assertThat(
                pool.pagesLeft()
                    - geometry.dataPages(pool.maximumPages())
                    + geometry.dataPages(pool.pageCount()))
            .as("count of free pages")
            .isEqualTo(report.freePages());
      }
      byte[][] again = read(operation, book);
      checkStays(found, again);
      assertThat(book.count())
          .isEqualTo(Arrays.stream(again).filter(bytes -> bytes != ABSENT).count());
      write(book);
      if (looks.getAndIncrement() % LOOKS_PER_SECOND_CHECK == 0) {
        assertThat(BookChecker.check(file).violations()).as("after more writes").isEmpty();
      }
    }
    assertNothingLeft(file);
  }

  private boolean isLegal(int key, byte[] value) {
    return Arrays.equals(value, before[key])
        || Arrays.equals(value, after[key])
        || comesAndGoes(key);
  }

  /** What was added may have been evicted again within one operation. */
  private boolean comesAndGoes(int key) {
    return operation.options().onFull() == BookOptions.OnFull.EVICT && before[key] == ABSENT;
  }

  /** Recovery may end what had begun; it does not undo what was seen. */
  private void checkStays(byte[][] found, byte[][] again) {
    for (int key = 0; key < found.length; key++) {
      if (!Arrays.equals(again[key], found[key])
          && !Arrays.equals(again[key], after[key])
          && !comesAndGoes(key)) {
        throw new AssertionError("what was seen is no longer so: key=" + key);
      }
    }
  }

  private void write(PageBook book) {
    int free = operation.keys() + 7;
    for (int length : new int[] {100, LARGE}) {
      byte[] value = new CheckedValue(free, 9, 9, length).encode();
      book.putBytes(free, value);
      assertThat(book.getBytes(free)).isEqualTo(value);
    }
    assertThat(book.remove(free)).isTrue();
    RecordStore.KeyLock lock = book.records().lock(ReplayedOperation.key(3));
    book.putBytes(3, new CheckedValue(3, 9, 9, 100).encode());
    lock.close();
    assertThat(CheckedValue.decode(3, book.getBytes(3)).writer()).isEqualTo(9);
  }

  /** No second name and no copy; what a creator leaves goes with the next creation. */
  private void assertNothingLeft(Path file) throws IOException {
    if (operation.prepare() == null) {
      Path next = file.resolveSibling("next.book");
      PageBook.open(next, operation.options()).close();
      PageBook.destroy(next);
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(file.getParent())) {
      for (Path left : files) {
        assertThat(left.getFileName().toString())
            .as("what is left")
            .isIn(KillAnywhereIT.BOOK, ".pagebook.locks");
      }
    }
  }

  /** Empties files first: closed books may be mapped for a while, and would keep their room. */
  static void delete(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.newByteChannel(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
            .close();
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
