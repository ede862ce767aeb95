package io.pagebook.book.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.BookException;
import io.pagebook.book.Inside;
import io.pagebook.book.PageBook;
import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.testing.CheckedBooks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One lock word, and two participants of one JVM that each have their own object for it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SharedLockTest {
  private static final long PATIENCE = 10_000_000_000L;
  private static final long SHORT = 30_000_000;

  /** No operation of these tests takes the stripe with this number. */
  private static final int STRIPE = 77;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  private PageBook book;
  private PageBook other;
  private PageMemory memory;
  private long position;

  @BeforeEach
  void open() {
    book = books.open("a.book");
    other = books.open("a.book");
    memory = Inside.memory(book);
    position = Inside.geometry(book).stripe(STRIPE);
  }

  private SharedLock lock(PageBook of) {
    return new SharedLock(
        Inside.memory(of), position, Inside.participants(of), Inside.context(of).self(), "test");
  }

  private long word() {
    return memory.getLongVolatile(position);
  }

  @Test
  void wordNamesTheOwnerAndOnlyWhileItIsHeld() {
    SharedLock lock = lock(book);
    lock.lock(PATIENCE);
    assertThat(word()).isEqualTo(Inside.context(book).self().ownerWord());
    assertThat(lock.isHeldByCurrentThread()).isTrue();
    lock.checkHeld();
    lock.unlock();
    assertThat(word()).isEqualTo(OwnerWord.FREE);
    assertThat(lock.isHeldByCurrentThread()).isFalse();
    assertThat(lock.tryLock()).isTrue();
    assertThat(word()).isEqualTo(Inside.context(book).self().ownerWord());
    lock.unlock();
  }

  @Test
  void otherParticipantIsKeptOutAndToldByWhom() {
    SharedLock mine = lock(book);
    SharedLock others = lock(other);
    mine.lock(PATIENCE);
    assertThat(others.tryLock()).isFalse();
    long start = System.nanoTime();
    assertThatThrownBy(() -> others.lock(SHORT))
        .isInstanceOf(BookException.LockTimeout.class)
        .hasMessageContaining("lock=test")
        .hasMessageContaining("holder=process " + ProcessHandle.current().pid());
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT);
    assertThat(others.isHeldByCurrentThread()).isFalse();
    assertThat(word() & OwnerWord.WAITER_BIT).as("the waiter left its bit").isNotZero();
    mine.checkHeld();
    mine.unlock();
    assertThat(word()).as("the bit goes with the release").isEqualTo(OwnerWord.FREE);
    others.lock(SHORT);
    others.unlock();
  }

  @Test
  void heldLockIsNotTakenTwice() {
    SharedLock lock = lock(book);
    lock.lock(PATIENCE);
    assertThatThrownBy(() -> lock.lock(PATIENCE)).isInstanceOf(BookException.LockMisuse.class);
    assertThat(lock.tryLock()).isFalse();
    lock.checkHeld();
    lock.unlock();
    assertThat(word()).isEqualTo(OwnerWord.FREE);
    lock.lock(SHORT);
    lock.unlock();
  }

  /** Four threads and an unprotected counter. */
  @Test
  void oneAtATime() throws InterruptedException {
    int rounds = 5000;
    SharedLock[] locks = {lock(book), lock(other)};
    long[] counter = {0};
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      SharedLock lock = locks[i % 2];
      Thread thread =
          new Thread(
              () -> {
                for (int round = 0; round < rounds; round++) {
                  if (round % 3 != 0 || !lock.tryLock()) {
                    lock.lock(PATIENCE);
                  }
                  counter[0]++;
                  lock.unlock();
                }
              });
      thread.setUncaughtExceptionHandler((t, e) -> failure.compareAndSet(null, e));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(counter[0]).isEqualTo(4L * rounds);
    assertThat(word()).isEqualTo(OwnerWord.FREE);
  }

  @Test
  void deadOwnerIsSucceeded() {
    Inside.addKilled(book);
    memory.putLongVolatile(position, Inside.deadOwner());
    SharedLock lock = lock(book);
    lock.lock(PATIENCE);
    assertThat(word()).isEqualTo(Inside.context(book).self().ownerWord());
    lock.unlock();
    memory.putLongVolatile(position, Inside.deadOwner() | OwnerWord.WAITER_BIT);
    assertThat(lock(other).tryLock()).isTrue();
    assertThat(word()).isEqualTo(Inside.context(other).self().ownerWord());
    memory.putLongVolatile(position, OwnerWord.FREE);
  }

  /** Of a slot that lives, but under an earlier incarnation, and of slots that nobody has. */
  @Test
  void wordOfNoCurrentIncarnationIsOwnerless() {
    Participant living = Inside.context(other).self();
    long[] ownerless = {
      OwnerWord.of(living.slot(), living.incarnation() - 1),
      OwnerWord.of(living.slot(), living.incarnation() + 1),
      OwnerWord.of(1000, 1),
      OwnerWord.of(1024, 1),
      OwnerWord.of(0xFFFF, 0xFFFF_FFFFL),
    };
    SharedLock lock = lock(book);
    for (long word : ownerless) {
      memory.putLongVolatile(position, word);
      assertThat(lock.tryLock()).as(Long.toHexString(word)).isTrue();
      lock.unlock();
    }
  }

  @Test
  void robbedOwnerIsTold() {
    SharedLock lock = lock(book);
    lock.lock(PATIENCE);
    long robber = Inside.context(other).self().ownerWord();
    memory.putLongVolatile(position, robber);
    assertThatThrownBy(lock::checkHeld).isInstanceOf(BookException.Robbed.class);
    assertThatThrownBy(lock::unlock)
        .isInstanceOf(BookException.Robbed.class)
        .hasMessageContaining("lock=test");
    assertThat(word()).as("it is the robber's").isEqualTo(robber);
    assertThat(lock.isHeldByCurrentThread()).isFalse();
    memory.putLongVolatile(position, OwnerWord.FREE);
    lock.lock(PATIENCE);
    lock.unlock();
  }

  @Test
  void interruptedThreadWaitsAllTheSameAndStaysInterrupted() throws InterruptedException {
    SharedLock mine = lock(book);
    SharedLock others = lock(other);
    mine.lock(PATIENCE);
    CountDownLatch waiting = new CountDownLatch(1);
    AtomicReference<Object> outcome = new AtomicReference<>("none");
    Thread thread =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              waiting.countDown();
              others.lock(PATIENCE);
              others.unlock();
              outcome.set(Thread.currentThread().isInterrupted());
            });
    thread.start();
    waiting.await();
    while ((word() & OwnerWord.WAITER_BIT) == 0) {
      Thread.onSpinWait();
    }
    assertThat(outcome.get()).isEqualTo("none");
    mine.unlock();
    thread.join();
    assertThat(outcome.get()).isEqualTo(true);
  }

  @Test
  void shutDownWaitsForTheHolderAndThenLetsNobodyIn() throws InterruptedException {
    SharedLock lock = lock(book);
    lock.lock(PATIENCE);
    assertThat(lock.shutDown(SHORT)).as("by the holder itself").isFalse();
    CountDownLatch shut = new CountDownLatch(1);
    AtomicReference<Boolean> outcome = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              outcome.set(lock.shutDown(SHORT));
              shut.countDown();
            });
    thread.start();
    shut.await();
    assertThat(outcome.get()).as("while it is held").isFalse();
    lock.unlock();
    lock.lock(SHORT);
    lock.unlock();
    assertThat(lock.shutDown(SHORT)).isTrue();
    assertThatThrownBy(() -> lock.lock(SHORT)).isInstanceOf(BookException.Closed.class);
    assertThat(lock.tryLock()).isFalse();
    assertThat(lock(other).tryLock()).as("the other participant goes on").isTrue();
    memory.putLongVolatile(position, OwnerWord.FREE);
  }
}
