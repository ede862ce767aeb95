package io.pagebook.book.shard;

import io.pagebook.book.BookException;

/**
 * What a writer does for its shard beside its own record: growing the index and cleaning the log, a
 * little at each write.
 */
final class Maintenance {
  private static final int CLEANING_STEPS_PER_WRITE = 2;
  private static final int EVICTIONS_PER_STEP = 256;

  private final StoreContext context;
  private final ShardParts parts;
  private final ShardLocker locker;
  private final IndexSpace indexSpace;
  private final Splitter splitter;
  private final Cleaner cleaner;
  private final Sweeper sweeper;
  private final FrequencySketch sketch;
  private final Evictor evictor;

  Maintenance(ShardParts parts, ShardLocker locker, AccessCounters counters) {
    this.context = parts.context();
    this.parts = parts;
    this.locker = locker;
    this.indexSpace = new IndexSpace(context, parts.shardIndex());
    this.splitter =
        new Splitter(context, parts.shardIndex(), parts.index(), indexSpace, parts.journal());
    this.cleaner = new Cleaner(parts);
    this.sweeper = new Sweeper(parts);
    this.sketch = new FrequencySketch(context, parts.shardIndex());
    this.evictor = new Evictor(parts, counters, sketch);
  }

  Evictor evictor() {
    return evictor;
  }

  FrequencySketch sketch() {
    return sketch;
  }

  Sweeper sweeper() {
    return sweeper;
  }

  IndexSpace indexSpace() {
    return indexSpace;
  }

  /** Gives reserved pages to the shard; under its lock. */
  void attach(Reservation reservation) {
    if (!reservation.isEmpty()) {
      reservation.attach(indexSpace, sketch, parts.journal());
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
      if (context.bounds().evicts()) {
        growSketch();
      }
      for (int i = 0; i < CLEANING_STEPS_PER_WRITE && cleaner.isDue(); i++) {
        if (!clean(false)) {
          return;
        }
      }
    } catch (BookException e) {
      // The write is done and must not fail: the index stays denser, the dead space stays, until
      // the next write.
    } catch (Throwable e) {
      context.pool().suspectLeak(e); // of a removal, too, which reserves nothing else
      throw e;
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
          step = Splitter.Step.NOT_DUE;
          if (writable()) {
            attach(reservation);
            step = splitter.step();
          }
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
          step = Cleaner.Step.NOTHING_TO_DO;
          if (writable()) {
            attach(reservation);
            step = cleaner.step();
          }
        } finally {
          locker.unlock();
        }
        if (step != Cleaner.Step.NEEDS_LOG) {
          return step == Cleaner.Step.PROGRESS;
        }
        reservation.reserveForCleaning(cleaner.neededLog(), cleaner.neededBytes());
      }
    }
  }

  /** Makes the sketch as large as the shard has become. */
  private void growSketch() {
    int pages = sketch.wantedPages();
    if (pages == 0) {
      return;
    }
    try (Reservation reservation = new Reservation(context)) {
      reservation.reserveSketch(pages);
      if (locker.tryLock()) {
        try {
          if (writable()) {
            attach(reservation);
          }
        } finally {
          locker.unlock();
        }
      }
    }
  }

  /**
   * Cleans until a record of so many bytes has room at the end of a log, or in a segment of its
   * own; false if that cannot be had.
   */
  boolean makeRoom(RecordLog log, long recordBytes, Reservation reservation) {
    try {
      do {
        if (log.roomAtEnd(recordBytes) != 0 || reservation.tryReserveLog(log, recordBytes)) {
          return true;
        }
      } while (clean(true));
    } catch (BookException.Full e) {
      return false;
    }
    return reservation.tryReserveLog(log, recordBytes);
  }

  /**
   * Evicts until pages came free, or a bounded number of records is gone, or cleans instead where
   * much is dead; without the lock. False if there is nothing to evict.
   */
  boolean evictPages() {
    if (cleaner.isDue() && cleanInstead()) {
      return true;
    }
    boolean mayMove = true;
    try (Reservation reservation = new Reservation(context)) {
      while (true) {
        Evictor.Step step;
        locker.lock();
        try {
          step = Evictor.Step.NOTHING_LEFT;
          if (writable()) {
            attach(reservation);
            step = evictSome(mayMove);
          }
        } finally {
          locker.unlock();
        }
        if (step != Evictor.Step.NEEDS_LOG) {
          return step == Evictor.Step.EVICTED;
        }
        mayMove = reserveForEviction(reservation);
      }
    }
  }

  /**
   * Drops all that has expired, and cleans if that left much dead space; without the lock. False if
   * there was nothing to drop.
   */
  boolean dropExpired() {
    if (!sweeper.mayFind()) {
      return false;
    }
    Sweeper round = new Sweeper(parts);
    locker.lock();
    try {
      round.startRound();
    } finally {
      locker.unlock();
    }
    boolean more = true;
    while (more) {
      locker.lock();
      try {
        more = writable() && round.continueRound();
      } finally {
        locker.unlock();
      }
    }
    boolean won = round.dropped() > 0;
    while (won && cleaner.isDue()) {
      won = cleanInstead();
    }
    return round.dropped() > 0;
  }

  private boolean cleanInstead() {
    try {
      return clean(true);
    } catch (BookException.Full e) {
      return false;
    }
  }

  private Evictor.Step evictSome(boolean mayMove) {
    long before = context.pool().pagesLeft();
    Evictor.Step step = Evictor.Step.EVICTED;
    for (int i = 0; i < EVICTIONS_PER_STEP && step == Evictor.Step.EVICTED; i++) {
      step = evictor.evict(mayMove);
      if (context.pool().pagesLeft() > before) {
        return Evictor.Step.EVICTED;
      }
    }
    return step;
  }

  /** Room for a record that an eviction moves; false if there is none, so that it moves none. */
  boolean reserveForEviction(Reservation reservation) {
    try {
      reservation.reserveForCleaning(evictor.neededLog(), evictor.neededBytes());
      return true;
    } catch (BookException.Full e) {
      return false;
    }
  }
}
