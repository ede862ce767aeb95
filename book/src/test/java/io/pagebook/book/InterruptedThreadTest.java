package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.RemoteBook;
import io.pagebook.testing.Seeds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An interrupted thread's operation works or is refused with a type, keeps the interrupt, and harms
 * nobody: an interrupt closes channels, and with them the kernel's locks, in many methods of the
 * JDK.
 */
@SuppressWarnings("try") // a lock is held for its effect, not for its name
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class InterruptedThreadTest {
  private static final Operation LOCK_A_KEY =
      new Operation(
          "lock a key",
          (test, book) -> {
            RecordBuffer key = new RecordBuffer();
            key.setId(1);
            book.records().lock(key).close();
          });
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(20);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private static RemoteBook remote;

  @BeforeAll
  static void startOtherProcess() {
    remote = RemoteBook.start();
  }

  @AfterAll
  static void endOtherProcess() {
    remote.close();
  }

  /** Something to do while interrupted. */
  record Operation(String name, Call call) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** The body of an operation. */
  interface Call {
    void on(InterruptedThreadTest test, PageBook book);
  }

  static Stream<Operation> operations() {
    return Stream.of(
        new Operation("small put", (test, book) -> book.putString(2, "two")),
        new Operation("growing put", (test, book) -> book.putBytes(2, new byte[9_000_000])),
        new Operation(
            "many growing puts",
            (test, book) -> {
              for (int id = 100; id < 300; id++) {
                book.putBytes(id, new byte[30_000]);
              }
            }),
        new Operation("remove", (test, book) -> book.remove(2)),
        new Operation("get", (test, book) -> assertThat(book.getString(1)).isEqualTo("one")),
        new Operation(
            "read", (test, book) -> assertThat(book.read(1, ByteBuffer.allocate(9))).isEqualTo(3)),
        new Operation("view", (test, book) -> assertThat(book.view(1, slice -> {})).isTrue()),
        new Operation("count", (test, book) -> assertThat(book.count()).isPositive()),
        new Operation("fileBytes", (test, book) -> assertThat(book.fileBytes()).isPositive()),
        new Operation("ids", (test, book) -> assertThat(book.ids().hasNext()).isTrue()),
        new Operation("vacuum", (test, book) -> assertThat(book.vacuum()).isNotNegative()),
        new Operation("open and close", (test, book) -> PageBook.open(book.file()).close()),
        new Operation(
            "create and close", (test, book) -> PageBook.open(test.books.file("new.book")).close()),
        new Operation(
            "create and destroy",
            (test, book) -> {
              PageBook.open(test.books.file("gone.book")).close();
              assertThat(PageBook.destroy(test.books.file("gone.book"))).isTrue();
            }),
        new Operation("lock for reading", (test, book) -> book.lockForReading(SHORT).close()),
        new Operation("lock for writing", (test, book) -> book.lockForWriting(SHORT).close()),
        LOCK_A_KEY);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void interruptedBefore(Operation operation) {
    PageBook book = books.open("a.book");
    book.putString(1, "one");
    Thread.currentThread().interrupt();
    try {
      operation.call().on(this, book);
    } catch (BookException e) {
      System.out.println("interrupted " + operation + " was refused: " + e.getMessage());
    }
    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    assertBookGoesOn(book);
  }

  /** All works, and a child does not take this process for dead. */
  private void assertBookGoesOn(PageBook book) {
    assertThat(book.getString(1)).isEqualTo("one");
    book.putBytes(50, new byte[6_000_000]);
    assertThat(book.sizeBytes(50)).isEqualTo(6_000_000);
    assertAliveFor(remote, book);
  }

  /** That another process finds a lock of this one held; value 1 is "one". */
  static void assertAliveFor(RemoteBook other, PageBook book) {
    other.openBook(book.file(), BookOptions.DEFAULT.withLockTimeout(SHORT)).value();
    try (PageBook.BookLock lock = book.lockForWriting(LONG)) {
      assertThat(other.putString(1, "stolen").refusal(BookException.LockTimeout.class))
          .contains(Long.toString(ProcessHandle.current().pid()));
      assertThat(other.getString(1)).isEqualTo("one");
    } finally {
      other.closeBook().value();
    }
  }

  @Test
  void interruptedWhileOpening() {
    PageBook witness = books.open("a.book");
    witness.putString(1, "one");
    witness.close();
    Thread.currentThread().interrupt();
    PageBook book = null;
    try {
      book = books.open("a.book");
    } catch (BookException e) {
      System.out.println("interrupted open was refused: " + e.getMessage());
    }
    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    assertBookGoesOn(book != null ? book : books.open("a.book"));
  }

  @Test
  void interruptedClose() {
    PageBook book = books.open("a.book");
    PageBook other = books.open("a.book");
    book.putString(1, "one");
    Thread.currentThread().interrupt();
    book.close();
    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    assertBookGoesOn(other);
  }

  @Test
  void interruptedAgainAndAgain() {
    SplittableRandom seeds = Seeds.random("InterruptedThreadTest");
    PageBook book = books.open("a.book");
    book.putString(1, "one");
    AtomicBoolean done = new AtomicBoolean();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1500);
    SplittableRandom random = seeds.split();
    Thread[] victim = new Thread[1];
    try (Workers workers = new Workers()) {
      var stored =
          workers.call(
              "victim",
              () -> {
                synchronized (victim) {
                  victim[0] = Thread.currentThread();
                }
                try {
                  return writeInterrupted(book, random, end);
                } finally {
                  done.set(true);
                  // those to come concern nobody
                  synchronized (victim) {
                    victim[0] = null;
                  }
                }
              });
      SplittableRandom pauses = seeds.split();
      int interrupts = 0;
      while (!done.get()) {
        synchronized (victim) {
          if (victim[0] != null) {
            victim[0].interrupt();
            interrupts++;
          }
        }
        LockSupport.parkNanos(pauses.nextInt(2_000_000));
      }
      long[] sequences = Workers.get(stored, LONG);
      System.out.println("interrupts: " + interrupts);
      assertThat(interrupts).isGreaterThan(100);
      for (int key = 100; key < 100 + sequences.length; key++) {
        byte[] bytes = book.getBytes(key);
        long last = sequences[key - 100];
        if (bytes == null) {
          assertThat(last).as("acknowledged sequence of the missing key %s", key).isZero();
        } else {
          assertThat(CheckedValue.decode(key, bytes).sequence()).isGreaterThanOrEqualTo(last);
        }
      }
    }
    assertBookGoesOn(book);
  }

  private static long[] writeInterrupted(PageBook book, SplittableRandom random, long end) {
    long[] acknowledged = new long[20];
    int finished = 0;
    for (long sequence = 1; System.nanoTime() < end; sequence++) {
      int i = random.nextInt(acknowledged.length);
      int length = random.nextInt(10) == 0 ? 1_000_000 : 100 + random.nextInt(30_000);
      boolean interrupted = Thread.currentThread().isInterrupted();
      try {
        book.putBytes(100 + i, new CheckedValue(100 + i, 1, sequence, length).encode());
        acknowledged[i] = sequence;
        finished++;
      } catch (BookException e) {
        assertThat(interrupted || Thread.currentThread().isInterrupted())
            .as("refused without an interrupt: %s", e)
            .isTrue();
      }
      if (interrupted) {
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
      }
      byte[] bytes = book.getBytes(100 + i);
      if (bytes != null) {
        CheckedValue.decode(100 + i, bytes);
      }
    }
    System.out.println("puts finished under interrupts: " + finished);
    return acknowledged;
  }

  @Test
  void interruptedWhileWaitingForALock() {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(SHORT));
    book.putString(1, "one");
    try (Workers workers = new Workers();
        PageBook.BookLock lock = book.lockForWriting(LONG)) {
      var waiter =
          workers.call(
              "waiter",
              () -> {
                Thread.currentThread().interrupt();
                long start = System.nanoTime();
                try {
                  book.putString(1, "two");
                  throw new AssertionError("the write passed a held lock");
                } catch (BookException e) {
                  assertThat(Thread.currentThread().isInterrupted())
                      .as("the interrupt is kept")
                      .isTrue();
                }
                return Duration.ofNanos(System.nanoTime() - start);
              });
      assertThat(Workers.get(waiter, LONG)).isLessThan(Duration.ofSeconds(10));
      assertThat(book.getString(1)).isEqualTo("one");
    }
    assertBookGoesOn(book);
  }

  static Stream<Operation> waits() {
    return Stream.of(
        new Operation("put", (test, book) -> book.putString(1, "two")),
        new Operation("remove", (test, book) -> book.remove(2)),
        new Operation("lock for reading", (test, book) -> book.lockForReading(LONG).close()),
        new Operation("lock for writing", (test, book) -> book.lockForWriting(LONG).close()),
        LOCK_A_KEY,
        new Operation("vacuum", (test, book) -> assertThat(book.vacuum()).isNotNegative()));
  }

  /** The interrupt comes while the thread waits: it waits on, to the same end, and keeps it. */
  @ParameterizedTest
  @MethodSource("waits")
  void interruptedInTheMiddleOfAWait(Operation operation) throws InterruptedException {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(LONG));
    book.putString(1, "one");
    book.putString(2, "two");
    remote.openBook(book.file(), BookOptions.DEFAULT.withLockTimeout(LONG)).value();
    boolean ofAKey = operation.equals(LOCK_A_KEY);
    (ofAKey ? remote.lockKey(1) : remote.lockForWriting(LONG)).value();
    AtomicBoolean kept = new AtomicBoolean();
    Thread waiter =
        new Thread(
            () -> {
              operation.call().on(this, book);
              kept.set(Thread.interrupted());
            });
    waiter.start();
    try {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
      while (System.nanoTime() < end) {
        waiter.interrupt();
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(waiter.isAlive()).as("it waits").isTrue();
    } finally {
      (ofAKey ? remote.unlockKey() : remote.unlock()).value();
    }
    waiter.join(LONG.toMillis());
    assertThat(waiter.isAlive()).as("it still waits").isFalse();
    assertThat(kept.get()).as("it ended well, and the interrupt is kept").isTrue();
    remote.closeBook().value();
    book.putString(1, "one");
    assertBookGoesOn(book);
  }
}
