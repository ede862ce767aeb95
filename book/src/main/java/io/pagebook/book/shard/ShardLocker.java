package io.pagebook.book.shard;

import io.pagebook.book.BookException;
import io.pagebook.book.process.SharedLock;

/**
 * Takes and gives back a shard's lock, ending on both occasions what was begun and not completed.
 */
final class ShardLocker {
  private final SharedLock lock;
  private final Journal journal;
  private final StoreContext context;

  ShardLocker(SharedLock lock, Journal journal, StoreContext context) {
    this.lock = lock;
    this.journal = journal;
    this.context = context;
  }

  void lock() {
    lock(context.lockTimeoutNanos());
  }

  void lock(long patienceNanos) {
    lock.lock(patienceNanos);
    recoverOrUnlock();
  }

  boolean tryLock() {
    if (!lock.tryLock()) {
      return false;
    }
    recoverOrUnlock();
    return true;
  }

  private void recoverOrUnlock() {
    boolean sound = false;
    try {
      coverAllPages();
      journal.recover();
      sound = true;
    } finally {
      if (!sound) {
        lock.unlock();
      }
    }
  }

  /**
   * Whatever the shard's words point to lies in pages that were counted before this lock came to
   * us.
   */
  private void coverAllPages() {
    long end = context.geometry().position(context.pool().pageCount());
    if (!context.memory().ensureCovers(end - 1, 1)) {
      throw new BookException.Corrupt(
          "the file is shorter than its page count: neededBytes="
              + end
              + ", file="
              + context.memory().path()
              + "; somebody truncated it: restore a copy");
    }
  }

  /**
   * Releases the lock. A thread that failed inside the engine leaves an intent: it is completed as
   * a dead process's would be.
   */
  void unlock() {
    try {
      if (journal.isPending()) {
        lock.checkHeld();
        journal.recover();
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isFree() {
    return lock.isFree();
  }

  /**
   * Waits for this participant's threads and lets no more of them in; false if one stayed too long.
   * What one of them left behind is completed first: it may name pages that look reserved.
   */
  boolean shutDown(long patienceNanos) {
    try {
      if (journal.isPending() && !lock.isHeldByCurrentThread() && tryLock()) {
        unlock();
      } // else another process has the lock, and has looked for that itself
    } catch (BookException e) {
      return false;
    }
    return lock.shutDown(patienceNanos);
  }

  boolean isHeldByCurrentThread() {
    return lock.isHeldByCurrentThread();
  }
}
