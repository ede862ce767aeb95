package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.layout.ShardLayout;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.RemoteBook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Book-wide locks between processes. */
@SuppressWarnings("try") // a lock is held for its effect, not for its name
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BookLocksIT {
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final int LOOKS = 1000;
  private static final int LOOKS_AGAIN = 20;
  private static final Duration LONG = Duration.ofSeconds(20);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private PageBook book;
  private RemoteBook remote;

  @BeforeEach
  void open() {
    book = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(SHORT));
    book.putString(1, "one");
    remote = books.closing(RemoteBook.open(books.file("a.book"), SHORT));
  }

  private String ownPid() {
    return Long.toString(ProcessHandle.current().pid());
  }

  private String remotePid() {
    return Long.toString(remote.jvm().pid());
  }

  /** It goes on waiting until the lock is free, and by then its slot may be somebody else's. */
  @Test
  void whoWaitedWhileTheBookWasClosedLeavesOthersHoldsAlone() {
    remote.lockForWriting(LONG).value();
    try (Workers workers = new Workers()) {
      Future<?> waiting = workers.begin("waiting", () -> book.lockForReading(LONG).close());
      awaitWaiting("waiting");
      book.close();
      PageBook other = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(LONG));
      CountDownLatch unlocked = new CountDownLatch(1);
      Future<?> holding =
          workers.begin(
              "holding",
              () -> {
                try (PageBook.BookLock lock = other.lockForReading(LONG)) {
                  assertThat(waiting)
                      .failsWithin(LONG)
                      .withThrowableThat()
                      .withCauseInstanceOf(BookException.Closed.class);
                  assertThat(unlocked.await(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
                  assertThat(remote.putString(1, "two").refusal(BookException.LockTimeout.class))
                      .contains(ownPid());
                }
              });
      awaitWaiting("holding");
      remote.unlock().value();
      unlocked.countDown();
      Workers.get(holding, LONG);
    }
    remote.putString(1, "two").value();
  }

  /** Pages that others reserved before the lock was taken stay reserved while it is held. */
  @Test
  void nothingChangesBehindAGateThatIsShut() {
    PageBook written = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(LONG));
    try (Workers workers = new Workers()) {
      AtomicBoolean ended = new AtomicBoolean();
      for (int worker = 0; worker < 4; worker++) {
        int first = 1_000_000 * (worker + 1);
        workers.start(
            "writer " + worker,
            () -> {
              for (int id = first; !ended.get(); id++) {
                written.putBytes(id, new byte[2000]);
                written.remove(id - 500);
              }
            });
      }
      PageBook checked = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(LONG));
      for (int i = 0; i < LOOKS; i++) {
        try (PageBook.BookLock lock = checked.lockForWriting(LONG)) {
          List<Long> before = shardHeaders(checked);
          for (int j = 0; j < LOOKS_AGAIN; j++) {
            assertThat(shardHeaders(checked)).isEqualTo(before);
          }
        }
      }
      ended.set(true);
      workers.join();
    }
  }

  private static List<Long> shardHeaders(PageBook book) {
    List<Long> words = new ArrayList<>();
    for (int shard = 0; shard < Inside.geometry(book).shards(); shard++) {
      for (int offset = ShardLayout.INTENT_OFFSET;
          offset < ShardLayout.DIRECTORY_OFFSET;
          offset += Long.BYTES) {
        words.add(Inside.memory(book).getLongAcquire(Inside.shardAt(book, shard) + offset));
      }
    }
    return words;
  }

  private static void awaitWaiting(String name) {
    Awaitility.await()
        .atMost(LONG)
        .until(
            () ->
                Thread.getAllStackTraces().entrySet().stream()
                    .filter(thread -> thread.getKey().getName().equals(name))
                    .flatMap(thread -> Stream.of(thread.getValue()))
                    .anyMatch(frame -> frame.getMethodName().equals("lockForReading")));
  }

  @Test
  void readersOfTwoProcessesShare() {
    remote.lockForReading(LONG).value();
    try (PageBook.BookLock lock = book.lockForReading(SHORT)) {
      assertThat(remote.getString(1)).isEqualTo("one");
      assertThat(remote.lockForWriting(SHORT).exception()).isEqualTo("LockMisuse");
    }
    assertThatThrownBy(() -> book.lockForWriting(SHORT))
        .isInstanceOf(BookException.LockTimeout.class)
        .hasMessageContaining(remotePid());
    remote.unlock().value();
    book.lockForWriting(SHORT).close();
  }

  @Test
  void writerShutsOutTheOtherProcessesWritesButNotItsReads() {
    try (PageBook.BookLock lock = book.lockForWriting(LONG)) {
      assertThat(remote.putString(1, "two").refusal(BookException.LockTimeout.class))
          .contains(ownPid());
      assertThat(remote.remove(1).refusal(BookException.LockTimeout.class)).contains(ownPid());
      assertThat(remote.lockForReading(SHORT).refusal(BookException.LockTimeout.class))
          .contains(ownPid());
      assertThat(remote.lockForWriting(SHORT).refusal(BookException.LockTimeout.class))
          .contains(ownPid());
      assertThat(remote.getString(1)).isEqualTo("one");
      assertThat(remote.count()).isEqualTo(1);
      book.putString(1, "by the holder");
      assertThat(remote.getString(1)).isEqualTo("by the holder");
    }
    remote.putString(1, "two").value();
    remote.lockForWriting(SHORT).value();
    assertThatThrownBy(() -> book.putString(1, "three"))
        .isInstanceOf(BookException.LockTimeout.class)
        .hasMessageContaining(remotePid());
    assertThat(book.getString(1)).isEqualTo("two");
    remote.unlock().value();
    assertThat(book.putString(1, "three")).isTrue();
  }

  @Test
  void readerShutsOutTheOtherProcessesWrites() {
    try (PageBook.BookLock lock = book.lockForReading(LONG)) {
      assertThat(remote.putString(1, "two").refusal(BookException.LockTimeout.class))
          .contains(ownPid());
      assertThat(remote.getString(1)).isEqualTo("one");
    }
    remote.putString(1, "two").value();
  }

  @Test
  void blockedProcessGoesOnWhenTheHoldEnds() {
    RemoteBook patient = books.closing(RemoteBook.open(books.file("a.book"), LONG));
    try (PageBook.BookLock lock = book.lockForWriting(LONG)) {
      patient.begin("remove", 1);
      assertThatThrownBy(() -> patient.answer(SHORT)).isInstanceOf(AssertionError.class);
      assertThat(book.getString(1)).isEqualTo("one");
    }
    assertThat(patient.answer(LONG).value()).isEqualTo("true");
    assertThat(book.getString(1)).isNull();
  }

  @Test
  void waitingWriterOfAnotherProcessGoesFirst() {
    PageBook.BookLock reading = book.lockForReading(LONG);
    remote.begin("lockForWriting", LONG.toMillis());
    try (Workers workers = new Workers()) {
      Awaitility.await("the waiting writer shuts out new readers")
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(10))
          .untilAsserted(
              () -> {
                Future<?> reader =
                    workers.begin(
                        "new reader", () -> book.lockForReading(Duration.ofMillis(30)).close());
                assertThatThrownBy(() -> Workers.get(reader, LONG))
                    .isInstanceOf(BookException.LockTimeout.class);
              });
    }
    reading.close();
    remote.answer(LONG).value();
    assertThatThrownBy(() -> book.lockForReading(SHORT))
        .isInstanceOf(BookException.LockTimeout.class)
        .hasMessageContaining(remotePid());
    remote.unlock().value();
    book.lockForReading(SHORT).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lockForReading", "lockForWriting"})
  void lockOfTheDeadIsFree(String lock) {
    remote.call(lock, LONG.toMillis()).value();
    assertThatThrownBy(() -> book.putString(1, "two"))
        .isInstanceOf(BookException.LockTimeout.class);
    remote.jvm().kill();
    PageBook patient = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(LONG));
    long start = System.nanoTime();
    assertThat(patient.putString(1, "two")).isTrue();
    System.out.println(
        "put after the death of the holder of "
            + lock
            + ": "
            + (System.nanoTime() - start) / 1_000_000
            + " ms");
    book.lockForWriting(SHORT).close();
    assertThat(book.getString(1)).isEqualTo("two");
  }

  @Test
  void waitingWriterThatDiesNoLongerHoldsReadersBack() {
    PageBook.BookLock reading = book.lockForReading(LONG);
    remote.begin("lockForWriting", LONG.toMillis());
    try (Workers workers = new Workers()) {
      Awaitility.await("the waiting writer shuts out new readers")
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(10))
          .untilAsserted(
              () -> {
                Future<?> reader =
                    workers.begin(
                        "new reader", () -> book.lockForReading(Duration.ofMillis(30)).close());
                assertThatThrownBy(() -> Workers.get(reader, LONG))
                    .isInstanceOf(BookException.LockTimeout.class);
              });
      remote.jvm().kill();
      Workers.get(workers.begin("new reader", () -> book.lockForReading(LONG).close()), LONG);
    }
    reading.close();
    assertThat(book.putString(1, "two")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lockForReading", "lockForWriting"})
  void closingTheBookReleasesItsHolds(String lock) {
    remote.call(lock, LONG.toMillis()).value();
    remote.closeBook().value();
    assertThat(book.putString(1, "two")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lockForReading", "lockForWriting"})
  void orderlyExitReleasesItsHolds(String lock) {
    remote.call(lock, LONG.toMillis()).value();
    assertThat(remote.exit()).isEmpty();
    PageBook patient = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(LONG));
    assertThat(patient.putString(1, "two")).isTrue();
  }

  @Test
  void locksOutliveAVacuum() {
    for (int id = 2; id < 200; id++) {
      book.putBytes(id, new byte[50_000]);
    }
    for (int id = 2; id < 200; id++) {
      book.remove(id);
    }
    assertThat(book.vacuum()).isPositive();
    remote.lockForWriting(SHORT).value();
    assertThatThrownBy(() -> book.putString(1, "two"))
        .isInstanceOf(BookException.LockTimeout.class)
        .hasMessageContaining(remotePid());
    remote.unlock().value();
    try (PageBook.BookLock lock = book.lockForReading(SHORT)) {
      remote.putString(1, "two").refusal(BookException.LockTimeout.class);
    }
    remote.putString(1, "two").value();
    assertThat(book.getString(1)).isEqualTo("two");
  }
}
