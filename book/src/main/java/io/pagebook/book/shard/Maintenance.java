package io.pagebook.book.shard;

import io.pagebook.book.BookException;
import io.pagebook.book.RecordBuffer;
import java.util.function.ToLongFunction;

/**
 * What a writer does for its shard beside its own record: growing the index and cleaning the log, a
 * little at each write.
 */
final class Maintenance {
  private static final int CLEANING_STEPS_PER_WRITE = 2;

  private final StoreContext context;
  private final ShardLocker locker;
  private final RecordLog log;
  private final Journal journal;
  private final IndexSpace indexSpace;
  private final Splitter splitter;
  private final Cleaner cleaner;
  private final Stamps stamps;

  Maintenance(
      StoreContext context,
      int shardIndex,
      ShardIndex index,
      RecordLog log,
      Journal journal,
      ShardLocker locker,
      SlotFinder finder,
      Stamps stamps,
      ToLongFunction<RecordBuffer> hash) {
    this.context = context;
    this.locker = locker;
    this.log = log;
    this.journal = journal;
    this.stamps = stamps;
    this.indexSpace = new IndexSpace(context, shardIndex);
    this.splitter = new Splitter(context, shardIndex, index, indexSpace, journal);
    this.cleaner = new Cleaner(context, shardIndex, log, journal, finder, stamps, hash);
  }

  IndexSpace indexSpace() {
    return indexSpace;
  }

  /**
   * Gives reserved pages to the shard, which needs room for a record of so many bytes; under its
   * lock.
   */
  void attach(Reservation reservation, long recordBytes) {
    if (!reservation.isEmpty()) {
      reservation.attach(log, recordBytes, indexSpace, journal, stamps.next());
    }
  }

  /** Grows the index if that is due and needs no pages; under the lock. */
  void splitInPassing() {
    if (splitter.isDue()) {
      splitter.step();
    }
  }

  /**
   * What is left to do after a write; without the lock. Never fails for want of room: that is for a
   * write that needs it to say.
   */
  void afterWrite() {
    try {
      if (splitter.isDue()) {
        growIndex();
      }
      for (int i = 0; i < CLEANING_STEPS_PER_WRITE && cleaner.isDue(); i++) {
        if (!clean(false)) {
          return;
        }
      }
    } catch (BookException e) {
      // The write is done and must not fail: the index stays denser, the dead space stays, until
      // the next write.
    }
  }

  private void growIndex() {
    try (Reservation reservation = new Reservation(context)) {
      Splitter.Step step;
      do {
        if (!locker.tryLock()) {
          return; // whoever is at work there grows it
        }
        try {
          attach(reservation, 0);
          step = writable() ? splitter.step() : Splitter.Step.NOT_DUE;
        } finally {
          locker.unlock();
        }
        if (step == Splitter.Step.NEEDS_INDEX) {
          reservation.reserveIndex();
        }
      } while (step == Splitter.Step.NEEDS_INDEX);
    }
  }

  private boolean writable() {
    return context.gate().ask() == WriteGate.Answer.OPEN;
  }

  /** One step of cleaning; false if there is nothing more to be won. */
  private boolean clean(boolean patient) {
    try (Reservation reservation = new Reservation(context)) {
      while (true) {
        Cleaner.Step step;
        if (patient) {
          locker.lock();
        } else if (!locker.tryLock()) {
          return false;
        }
        try {
          attach(reservation, cleaner.neededBytes());
          step = writable() ? cleaner.step() : Cleaner.Step.NOTHING_TO_DO;
        } finally {
          locker.unlock();
        }
        if (step != Cleaner.Step.NEEDS_LOG) {
          return step == Cleaner.Step.PROGRESS;
        }
        reservation.reserveForCleaning(
            log.segmentPages(cleaner.neededBytes()), log.leastPages(cleaner.neededBytes()));
      }
    }
  }

  /**
   * Cleans until a record of so many bytes has room at the end of the log, or in a segment of its
   * own; false if that cannot be had.
   */
  boolean makeRoom(long recordBytes, int pages, Reservation reservation) {
    try {
      do {
        if (log.roomAtEnd(recordBytes) != 0 || reservation.tryReserveLog(pages)) {
          return true;
        }
      } while (clean(true));
    } catch (BookException.Full e) {
      return false;
    }
    return reservation.tryReserveLog(pages);
  }
}
