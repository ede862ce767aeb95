package io.pagebook.book.process;

import io.pagebook.book.BookException;
import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.memory.PageMemory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock shared by threads and processes: a word in the book that names its owner. A dead owner is
 * noticed and succeeded; a stopped one is waited for and never robbed. The successor finds whatever
 * the dead owner left: each user of a lock checks for that itself.
 */
/*
 * Threads of one JVM queue at a heap lock and never spin against each other; one of them contends for the word with one compare-and-set. A
 * waiter sets the waiter bit, and the releaser that sees it stands back once, so that a busy JVM does not starve
 * another. The first look whether the owner lives comes after 2 ms of waiting: a probe costs as
 * much as many short critical sections.
 */
public final class SharedLock {
  private static final int SPINS = 200;
  private static final long FIRST_PARK_NANOS = 20_000;
  private static final long LONGEST_PARK_NANOS = 1_000_000;
  private static final long LIVENESS_NANOS = 2_000_000;

  private final ReentrantLock threads = new ReentrantLock();
  private final PageMemory memory;
  private final long position;
  private final ParticipantTable participants;
  private final Participant self;
  private final String name;

  /** Guarded by {@link #threads}. */
  private boolean standBack;

  /** Guarded by {@link #threads}. */
  private boolean shutDown;

  public SharedLock(
      PageMemory memory,
      long position,
      ParticipantTable participants,
      Participant self,
      String name) {
    this.memory = memory;
    this.position = position;
    this.participants = participants;
    this.self = self;
    this.name = name;
  }

  /**
   * Takes the lock. Not interruptible: the interrupt flag stays as it is.
   *
   * @throws BookException.LockTimeout if a live owner kept it for {@code timeoutNanos}
   * @throws BookException.LockMisuse if this thread holds it
   */
  public void lock(long timeoutNanos) {
    long start = 0; // the clock is not asked where nobody is in the way
    if (!threads.tryLock()) {
      start = System.nanoTime();
      lockThreads(start, timeoutNanos);
    }
    boolean locked = false;
    try {
      if (shutDown) {
        throw closed();
      }
      if (threads.getHoldCount() > 1) {
        throw new BookException.LockMisuse(
            "the lock is held by this thread already: lock=" + name + ", file=" + memory.path());
      }
      if (standBack) {
        standBack = false;
        LockSupport.parkNanos(FIRST_PARK_NANOS);
      }
      if (!memory.compareAndSetLong(position, OwnerWord.FREE, self.ownerWord())) {
        contend(start == 0 ? System.nanoTime() : start, timeoutNanos);
      }
      locked = true;
    } finally {
      if (!locked) {
        threads.unlock();
      }
    }
  }

  /** Takes the lock if it is to be had without waiting for a live owner. */
  public boolean tryLock() {
    if (!threads.tryLock()) {
      return false;
    }
    boolean locked = false;
    try {
      if (threads.getHoldCount() == 1 && !shutDown) {
        long word = memory.getLongVolatile(position);
        locked =
            (word == OwnerWord.FREE || !participants.isOwnerAlive(word))
                && memory.compareAndSetLongCold(position, word, self.ownerWord());
      }
      return locked;
    } finally {
      if (!locked) {
        threads.unlock();
      }
    }
  }

  /**
   * Waits until no thread of this participant holds the lock, and lets none take it any more.
   *
   * @return false if a thread kept it for {@code timeoutNanos}; the lock is not shut down then
   */
  public boolean shutDown(long timeoutNanos) {
    boolean interrupted = false;
    long start = System.nanoTime();
    try {
      while (true) {
        try {
          if (threads.isHeldByCurrentThread()
              || !threads.tryLock(
                  timeoutNanos - (System.nanoTime() - start), TimeUnit.NANOSECONDS)) {
            return false;
          }
          shutDown = true;
          threads.unlock();
          return true;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private BookException closed() {
    return new BookException.Closed("the book is closed: file=" + memory.path());
  }

  private void lockThreads(long start, long timeoutNanos) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          if (threads.tryLock(timeoutNanos - (System.nanoTime() - start), TimeUnit.NANOSECONDS)) {
            return;
          }
          throw timeout(start, memory.getLongVolatile(position));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void contend(long start, long timeoutNanos) {
    boolean interrupted = false;
    long nextLook = start + LIVENESS_NANOS;
    long park = FIRST_PARK_NANOS;
    try {
      for (int spin = 0; ; spin++) {
        long word = memory.getLongVolatile(position);
        if (word == OwnerWord.FREE) {
          if (memory.compareAndSetLongCold(position, word, self.ownerWord())) {
            return;
          }
          continue;
        }
        if (OwnerWord.withoutWaiter(word) == self.ownerWord()) {
          return; // we hold the heap lock: a thread that failed while it released has left this
        }
        if (spin < SPINS) {
          Thread.onSpinWait();
          continue;
        }
        if ((word & OwnerWord.WAITER_BIT) == 0) {
          memory.compareAndSetLongCold(position, word, word | OwnerWord.WAITER_BIT);
        }
        long now = System.nanoTime();
        if (now - nextLook >= 0) {
          if (!participants.isOwnerAlive(word)
              && memory.compareAndSetLongCold(position, word, self.ownerWord())) {
            return;
          }
          nextLook = now + LIVENESS_NANOS;
        }
        if (now - start >= timeoutNanos) {
          throw timeout(start, word);
        }
        LockSupport.parkNanos(this, park);
        interrupted |= Thread.interrupted(); // else parking would return at once from now on
        park = Math.min(2 * park, LONGEST_PARK_NANOS);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Releases the lock.
   *
   * @throws BookException.Robbed if the word names another owner: others took this process for dead
   */
  public void unlock() {
    try {
      long word = memory.getLongVolatile(position);
      while (OwnerWord.withoutWaiter(word) == self.ownerWord()) {
        if (memory.compareAndSetLong(position, word, OwnerWord.FREE)) {
          standBack = (word & OwnerWord.WAITER_BIT) != 0;
          return;
        }
        word = memory.getLongVolatile(position);
      }
      throw robbed();
    } finally {
      threads.unlock();
    }
  }

  /** Throws if the word names another owner; a plain look before something is published. */
  public void checkHeld() {
    if (OwnerWord.withoutWaiter(memory.getLongPlain(position)) != self.ownerWord()) {
      throw robbed();
    }
  }

  /** Whether nobody holds it; a volatile look. */
  public boolean isFree() {
    return memory.getLongVolatile(position) == OwnerWord.FREE;
  }

  public boolean isHeldByCurrentThread() {
    return threads.isHeldByCurrentThread();
  }

  private BookException robbed() {
    return new BookException.Robbed(
        "others took this process for dead and its lock with it: lock="
            + name
            + ", owner="
            + participants.describe(memory.getLongVolatile(position))
            + ", file="
            + memory.path()
            + "; close the book and open it again");
  }

  private BookException timeout(long start, long word) {
    return new BookException.LockTimeout(
        "the lock was not released in time: lock="
            + name
            + ", holder="
            + participants.describe(word)
            + ", waitedMs="
            + (System.nanoTime() - start) / 1_000_000
            + ", file="
            + memory.path()
            + "; the holder is alive: see what it does, or raise the lock timeout");
  }
}
