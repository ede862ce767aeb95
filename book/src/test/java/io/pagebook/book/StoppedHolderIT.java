package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.RemoteBook;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stopped holder is waited for, named, and never robbed; a dead one is succeeded. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StoppedHolderIT {
  private static final int KEY = 1;
  private static final Duration SHORT = Duration.ofMillis(150);
  private static final Duration LONG = Duration.ofSeconds(30);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private PageBook book;
  private RemoteBook holder;

  @BeforeEach
  void open() {
    book = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(SHORT));
    book.putString(KEY, "before");
    holder = books.closing(RemoteBook.open(books.file("a.book"), LONG));
  }

  private void assertTimesOutNamingTheHolder(Workers.Task task) {
    assertThatThrownBy(task::run)
        .isInstanceOf(BookException.LockTimeout.class)
        .hasMessageContaining(Long.toString(holder.jvm().pid()));
  }

  private static void lockKey(PageBook of) {
    RecordBuffer key = new RecordBuffer();
    key.setId(KEY);
    of.records().lock(key).close();
  }

  @Test
  void stoppedHolderOfTheWriteLock() {
    holder.lockForWriting(LONG).value();
    holder.jvm().stop();
    for (int attempt = 0; attempt < 2; attempt++) {
      assertTimesOutNamingTheHolder(() -> book.putString(KEY, "stolen"));
      assertTimesOutNamingTheHolder(() -> book.remove(KEY));
      assertTimesOutNamingTheHolder(() -> book.lockForReading(SHORT).close());
      assertTimesOutNamingTheHolder(() -> book.lockForWriting(SHORT).close());
    }
    try (RemoteBook third = RemoteBook.open(books.file("a.book"), SHORT)) {
      assertThat(third.putString(KEY, "stolen").refusal(BookException.LockTimeout.class))
          .contains(Long.toString(holder.jvm().pid()));
    }
    assertThat(book.getString(KEY)).isEqualTo("before");
    holder.jvm().resume();
    assertThat(holder.putString(KEY, "by the holder").value()).isEqualTo("true");
    assertTimesOutNamingTheHolder(() -> book.putString(KEY, "stolen"));
    holder.unlock().value();
    assertThat(book.getString(KEY)).isEqualTo("by the holder");
    assertThat(book.putString(KEY, "after")).isTrue();
    assertThat(holder.getString(KEY)).isEqualTo("after");
  }

  @Test
  void stoppedHolderOfAReadLock() {
    holder.lockForReading(LONG).value();
    holder.jvm().stop();
    assertTimesOutNamingTheHolder(() -> book.putString(KEY, "stolen"));
    assertTimesOutNamingTheHolder(() -> book.lockForWriting(SHORT).close());
    book.lockForReading(SHORT).close();
    holder.jvm().resume();
    assertTimesOutNamingTheHolder(() -> book.putString(KEY, "stolen"));
    holder.unlock().value();
    assertThat(book.putString(KEY, "after")).isTrue();
  }

  @Test
  void stoppedHolderOfAKey() {
    holder.lockKey(KEY).value();
    holder.jvm().stop();
    for (int attempt = 0; attempt < 2; attempt++) {
      assertTimesOutNamingTheHolder(() -> lockKey(book));
    }
    assertThat(book.getString(KEY)).isEqualTo("before");
    holder.jvm().resume();
    assertThat(holder.putString(KEY, "by the holder").value()).isEqualTo("true");
    assertTimesOutNamingTheHolder(() -> lockKey(book));
    holder.unlockKey().value();
    lockKey(book);
    assertThat(book.getString(KEY)).isEqualTo("by the holder");
  }

  @Test
  void stoppedIdlerIsInNobodysWay() {
    holder.jvm().stop();
    for (int id = 0; id < 200; id++) {
      book.putBytes(id, new byte[50_000]);
    }
    book.lockForWriting(SHORT).close();
    lockKey(book);
    holder.jvm().resume();
    assertThat(holder.count()).isEqualTo(200);
    holder.putString(KEY, "after").value();
    assertThat(book.getString(KEY)).isEqualTo("after");
  }

  @Test
  void stoppedThenKilledHolderIsSucceeded() {
    holder.lockForWriting(LONG).value();
    holder.jvm().stop();
    assertTimesOutNamingTheHolder(() -> book.putString(KEY, "stolen"));
    holder.jvm().kill();
    PageBook patient = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(LONG));
    assertThat(patient.putString(KEY, "after")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lockForReading", "lockForWriting", "lockKey"})
  void waiterGoesOnSoonAfterTheHoldersDeath(String lock) {
    PageBook patient = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(LONG));
    holder.call(lock, lock.equals("lockKey") ? KEY : LONG.toMillis()).value();
    try (Workers workers = new Workers()) {
      Future<Long> waiter =
          workers.call(
              "waiter",
              () -> {
                if (lock.equals("lockKey")) {
                  lockKey(patient);
                } else {
                  patient.putString(KEY, "after");
                }
                return System.nanoTime();
              });
      assertThatThrownBy(() -> Workers.get(waiter, SHORT)).hasMessageContaining("does not end");
      long killed = System.nanoTime();
      long dead = holder.jvm().kill();
      long on = Workers.get(waiter, LONG);
      long afterMs = (on - dead) / 1_000_000;
      System.out.println(
          "waiter for "
              + lock
              + " went on "
              + (on - killed) / 1_000_000
              + " ms after the holder was killed, "
              + afterMs
              + " ms after its end was seen");
      // the promise is 100 ms; a loaded machine may not give us the processor in that time
      assertThat(afterMs).isLessThan(2000);
    }
  }
}
