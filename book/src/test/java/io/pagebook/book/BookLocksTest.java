package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.testing.CheckedBooks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Book-wide locks between the threads of one JVM. */
@SuppressWarnings("try") // a lock is held for its effect, not for its name
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BookLocksTest {
  private static final Duration SHORT = Duration.ofMillis(150);
  private static final Duration LONG = Duration.ofSeconds(20);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private PageBook book;

  /** The same book, for threads whose patience a test wants to see end. */
  private PageBook impatient;

  @BeforeEach
  void open() {
    book = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(LONG));
    impatient = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(SHORT));
    book.putString(1, "one");
  }

  /** The names of all kinds of writes. */
  static Stream<String> writes() {
    return Stream.of("addString", "addBytes", "putString", "putBytes", "remove", "record", "clear");
  }

  private static void write(PageBook to, String name) {
    switch (name) {
      case "addString" -> to.addString(2, "added");
      case "addBytes" -> to.addBytes(2, new byte[9]);
      case "putString" -> to.putString(1, "put");
      case "putBytes" -> to.putBytes(1, new byte[100_000]);
      case "remove" -> to.remove(1);
      case "clear" -> to.records().clear();
      default -> {
        RecordBuffer record = new RecordBuffer();
        record.setKey(new byte[] {1, 2, 3});
        record.wrapValue(new byte[9], 9);
        record.setType(ValueType.BYTES);
        to.records().put(record);
      }
    }
  }

  /** Its slot is kept until the JVM ends, but not what its threads give back. */
  @Test
  void holdIsGivenBackAfterCloseCouldNotWait() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    PageBook.BookLock hold = impatient.lockForReading(LONG);
    try (Workers workers = new Workers()) {
      workers.start(
          "viewer",
          () ->
              impatient.view(
                  1,
                  slice -> {
                    inside.countDown();
                    Awaitility.await().until(() -> end.getCount() == 0);
                  }));
      assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
      impatient.close();
      end.countDown();
      workers.join();
    }
    hold.close();
    book.putString(1, "goes on");
    assertThat(book.getString(1)).isEqualTo("goes on");
  }

  @Test
  void patienceMayBeLongerThanTheClockCanTell() {
    book.lockForReading(Duration.ofSeconds(Long.MAX_VALUE)).close();
    book.lockForWriting(Duration.ofSeconds(Long.MAX_VALUE)).close();
    book.lockForReading(Duration.ofSeconds(Long.MIN_VALUE)).close();
  }

  private boolean isUntouched() {
    return Arrays.equals(book.getBytes(1), "one".getBytes(StandardCharsets.ISO_8859_1))
        && book.count() == 1;
  }

  private static void inAnotherThread(Workers.Task task) {
    try (Workers workers = new Workers()) {
      Workers.get(workers.begin("another thread", task), LONG);
    }
  }

  private static void assertTimesOut(Workers.Task task) {
    assertThatThrownBy(() -> inAnotherThread(task))
        .isInstanceOf(BookException.LockTimeout.class)
        .hasMessageContaining("a.book");
  }

  @Test
  void readersShare() {
    try (PageBook.BookLock first = book.lockForReading(LONG)) {
      inAnotherThread(
          () -> {
            try (PageBook.BookLock second = book.lockForReading(SHORT)) {
              inAnotherThread(() -> impatient.lockForReading(SHORT).close());
            }
          });
    }
  }

  @Test
  void readerShutsOutWriters() {
    try (PageBook.BookLock lock = book.lockForReading(LONG)) {
      assertTimesOut(() -> book.lockForWriting(SHORT).close());
    }
    inAnotherThread(() -> book.lockForWriting(SHORT).close());
  }

  @Test
  void writerShutsOutReadersAndWriters() {
    try (PageBook.BookLock lock = book.lockForWriting(LONG)) {
      assertTimesOut(() -> book.lockForWriting(SHORT).close());
      assertTimesOut(() -> book.lockForReading(SHORT).close());
      assertTimesOut(() -> impatient.lockForReading(SHORT).close());
    }
    inAnotherThread(() -> book.lockForWriting(SHORT).close());
    inAnotherThread(() -> book.lockForReading(SHORT).close());
  }

  @ParameterizedTest
  @MethodSource("writes")
  void heldLocksShutOutPlainWrites(String write) {
    try (PageBook.BookLock lock = book.lockForWriting(LONG)) {
      assertTimesOut(() -> write(impatient, write));
    }
    try (PageBook.BookLock lock = book.lockForReading(LONG)) {
      assertTimesOut(() -> write(impatient, write));
    }
    assertThat(isUntouched()).isTrue();
    inAnotherThread(() -> write(impatient, write));
    assertThat(isUntouched()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void plainReadsPassHeldLocks(boolean writing) {
    try (PageBook.BookLock lock = writing ? book.lockForWriting(LONG) : book.lockForReading(LONG)) {
      inAnotherThread(
          () -> {
            assertThat(impatient.getString(1)).isEqualTo("one");
            assertThat(impatient.contains(2)).isFalse();
            assertThat(impatient.sizeBytes(1)).isEqualTo(3);
            assertThat(impatient.count()).isEqualTo(1);
            assertThat(impatient.ids().nextInt()).isEqualTo(1);
          });
      assertThat(book.getString(1)).isEqualTo("one");
    }
  }

  @ParameterizedTest
  @MethodSource("writes")
  void writerWritesUnderItsOwnHold(String write) {
    try (PageBook.BookLock lock = book.lockForWriting(LONG)) {
      write(book, write);
    }
    assertThat(isUntouched()).isFalse();
  }

  @Test
  void severalWritesUnderOneHoldAppearAsTheyComeToPlainReaders() {
    try (PageBook.BookLock lock = book.lockForWriting(LONG)) {
      book.putString(1, "first");
      inAnotherThread(() -> assertThat(impatient.getString(1)).isEqualTo("first"));
      book.putString(2, "second");
      inAnotherThread(() -> assertThat(impatient.getString(2)).isEqualTo("second"));
    }
  }

  @ParameterizedTest
  @MethodSource("writes")
  void writeUnderOnesOwnReadHoldIsMisuse(String write) {
    try (PageBook.BookLock lock = book.lockForReading(LONG)) {
      assertThatThrownBy(() -> write(book, write)).isInstanceOf(BookException.LockMisuse.class);
      assertThat(book.getString(1)).isEqualTo("one");
      assertThat(book.count()).isEqualTo(1);
      // the hold is whole after that
      assertTimesOut(() -> book.lockForWriting(SHORT).close());
    }
    assertThat(book.putString(1, "two")).isTrue();
  }

  @Test
  void upgradeIsRefusedAtOnce() {
    try (PageBook.BookLock lock = book.lockForReading(LONG)) {
      assertThatThrownBy(() -> book.lockForWriting(LONG))
          .isInstanceOf(BookException.LockMisuse.class);
      assertTimesOut(() -> book.lockForWriting(SHORT).close());
    }
    book.lockForWriting(SHORT).close();
  }

  @Test
  void blockedWriteGoesOnWhenTheHoldEnds() {
    try (Workers workers = new Workers()) {
      Future<?> write;
      CountDownLatch starting = new CountDownLatch(1);
      try (PageBook.BookLock lock = book.lockForWriting(LONG)) {
        write =
            workers.begin(
                "writer",
                () -> {
                  starting.countDown();
                  book.putString(1, "two");
                });
        assertThat(starting.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> Workers.get(write, SHORT)).hasMessageContaining("does not end");
        assertThat(book.getString(1)).isEqualTo("one");
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      Workers.get(write, LONG);
      assertThat(book.getString(1)).isEqualTo("two");
    }
  }

  @Test
  void waitingWriterGoesBeforeNewReaders() {
    try (Workers workers = new Workers()) {
      PageBook.BookLock reading = book.lockForReading(LONG);
      CountDownLatch written = new CountDownLatch(1);
      CountDownLatch mayEnd = new CountDownLatch(1);
      Future<?> writer =
          workers.begin(
              "writer",
              () -> {
                try (PageBook.BookLock lock = book.lockForWriting(LONG)) {
                  written.countDown();
                  assertThat(mayEnd.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
                }
              });
      // from some moment on, while the writer only waits, new readers must wait too
      Awaitility.await("the waiting writer shuts out new readers")
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(10))
          .untilAsserted(
              () -> assertTimesOut(() -> book.lockForReading(Duration.ofMillis(30)).close()));
      assertThat(written.getCount()).isEqualTo(1);
      Future<?> reader = workers.begin("new reader", () -> book.lockForReading(LONG).close());
      reading.close();
      assertThat(written.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(reader.isDone()).isFalse();
      mayEnd.countDown();
      Workers.get(writer, LONG);
      Workers.get(reader, LONG);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Readers of whom there is always one do not keep a plain write out for ever. */
  @Test
  void plainWriteGoesBetweenReadersWhoseHoldsOverlap() {
    CountDownLatch written = new CountDownLatch(1);
    try (Workers workers = new Workers()) {
      for (int i = 0; i < 8; i++) {
        workers.start(
            "reader",
            () -> {
              boolean done = false;
              while (!done) {
                try (PageBook.BookLock lock = book.lockForReading(LONG)) {
                  done = written.await(10, TimeUnit.MILLISECONDS);
                }
              }
            });
      }
      long start = System.nanoTime();
      for (int round = 0; round < 5; round++) {
        assertThat(book.putString(1, "round " + round)).isTrue();
      }
      System.out.println(
          "5 writes between 8 readers whose holds overlap: "
              + (System.nanoTime() - start) / 1_000_000
              + " ms");
      written.countDown();
      workers.join();
    }
    assertThat(book.getString(1)).isEqualTo("round 4");
  }

  @Test
  void writerThatGaveUpNoLongerHoldsReadersBack() {
    try (PageBook.BookLock reading = book.lockForReading(LONG)) {
      assertTimesOut(() -> book.lockForWriting(SHORT).close());
      inAnotherThread(() -> book.lockForReading(SHORT).close());
    }
    inAnotherThread(() -> impatient.putString(1, "two"));
  }

  @Test
  void timeoutIsKept() {
    try (PageBook.BookLock lock = book.lockForWriting(LONG)) {
      for (Duration timeout :
          new Duration[] {Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(400)}) {
        for (boolean writing : new boolean[] {false, true}) {
          inAnotherThread(
              () -> {
                long start = System.nanoTime();
                assertThatThrownBy(() -> lock(book, writing, timeout))
                    .isInstanceOf(BookException.LockTimeout.class);
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(timeout)
                    .isLessThan(timeout.plusSeconds(5));
              });
        }
      }
    }
  }

  private static PageBook.BookLock lock(PageBook book, boolean writing, Duration timeout) {
    return writing ? book.lockForWriting(timeout) : book.lockForReading(timeout);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void timeoutNamesTheHolder(boolean writing) {
    try (PageBook.BookLock lock = lock(book, writing, LONG)) {
      assertThatThrownBy(() -> inAnotherThread(() -> book.lockForWriting(SHORT).close()))
          .isInstanceOf(BookException.LockTimeout.class)
          .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
    }
  }

  @Test
  void closeTwiceIsCloseOnce() {
    for (boolean writing : new boolean[] {false, true}) {
      PageBook.BookLock old = lock(book, writing, LONG);
      old.close();
      try (PageBook.BookLock lock = lock(book, writing, LONG)) {
        old.close();
        assertTimesOut(() -> book.lockForWriting(SHORT).close());
      }
      inAnotherThread(() -> book.lockForWriting(SHORT).close());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void holdBelongsToItsThread(boolean writing) {
    PageBook.BookLock lock = lock(book, writing, LONG);
    assertThatThrownBy(() -> inAnotherThread(lock::close))
        .isInstanceOf(BookException.LockMisuse.class);
    assertTimesOut(() -> book.lockForWriting(SHORT).close());
    lock.close();
    inAnotherThread(() -> book.lockForWriting(SHORT).close());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closedBookHoldsNothing(boolean writing) {
    PageBook.BookLock lock = lock(impatient, writing, LONG);
    impatient.close();
    inAnotherThread(() -> book.lockForWriting(SHORT).close());
    assertThat(book.putString(1, "two")).isTrue();
    // too late, but no reason to fail
    lock.close();
  }

  @Test
  void locksOfTwoBooksAreApart() {
    PageBook other = books.open("b.book", BookOptions.DEFAULT.withLockTimeout(SHORT));
    try (PageBook.BookLock lock = book.lockForWriting(LONG)) {
      inAnotherThread(() -> other.putString(1, "b"));
      inAnotherThread(() -> other.lockForWriting(SHORT).close());
      other.lockForWriting(SHORT).close();
    }
  }

  @Test
  void writersExcludeEachOtherUnderLoad() {
    int threads = 4;
    int rounds = 300;
    try (Workers workers = new Workers()) {
      for (int thread = 0; thread < threads; thread++) {
        workers.start(
            "incrementer " + thread,
            () -> {
              for (int round = 0; round < rounds; round++) {
                try (PageBook.BookLock lock = book.lockForWriting(LONG)) {
                  String old = book.getString(7);
                  book.putString(7, Integer.toString(old == null ? 1 : Integer.parseInt(old) + 1));
                }
              }
            });
      }
      workers.start(
          "reader",
          () -> {
            for (int round = 0; round < rounds; round++) {
              try (PageBook.BookLock lock = book.lockForReading(LONG)) {
                String first = book.getString(7);
                assertThat(book.getString(7)).isEqualTo(first);
              }
            }
          });
      workers.join();
    }
    assertThat(book.getString(7)).isEqualTo(Integer.toString(threads * rounds));
  }
}
