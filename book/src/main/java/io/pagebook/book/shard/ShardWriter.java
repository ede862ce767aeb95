package io.pagebook.book.shard;

import io.pagebook.book.BookException;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.RecordLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.shard.Shard.Condition;
import io.pagebook.book.shard.Shard.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Puts, removals and changes of an expiry, each under the shard's lock: find the slot, write the
 * record where no slot points to yet, and publish all that changes by one journal. Pages, that is
 * room in the log or the index, are reserved between two tries, without the lock.
 */
final class ShardWriter {
  /**
   * Pages are attached under the same lock as the write that needs them: a few rounds suffice, and
   * more mean that the shard does not know its own pages.
   */
  private static final int MOST_RESERVATIONS = 100;

  private final StoreContext context;
  private final PageMemory memory;
  private final long shard;
  private final Journal journal;
  private final ShardLocker locker;
  private final ShardParts parts;
  private final Maintenance maintenance;
  private final SlotFinder finder;
  private final Remover remover;
  private final AccessCounters counters;
  private final long maximumEntries;

  /**
   * For one shard.
   *
   * @param finder used under the shard's lock only, as by others
   */
  ShardWriter(
      StoreContext context,
      int shardIndex,
      ShardParts parts,
      ShardLocker locker,
      SlotFinder finder,
      Maintenance maintenance,
      AccessCounters counters) {
    this.context = context;
    this.memory = context.memory();
    this.shard = context.geometry().shard(shardIndex);
    this.journal = parts.journal();
    this.locker = locker;
    this.parts = parts;
    this.maintenance = maintenance;
    this.finder = finder;
    this.remover = parts.newRemover();
    this.counters = counters;
    this.maximumEntries = context.bounds().entriesOf(shardIndex, context.geometry().shards());
  }

  /** Stores the buffer's record, and sets the buffer's stamp to the new one's. */
  Outcome write(RecordBuffer buffer, long hash, Condition condition, long expectedStamp) {
    boolean large = NewRecord.isLarge(context, buffer);
    if (large) {
      context.beginReserving();
    }
    try (NewRecord record = NewRecord.prepare(context, buffer, hash)) {
      // a write allocates little: most need no pages, and no object to hold them
      Outcome outcome = write(record, buffer, condition, expectedStamp, null);
      if (outcome.needsPages()) {
        outcome = writeWithPages(record, buffer, condition, expectedStamp, outcome);
      }
      if (outcome == Outcome.ADDED || outcome == Outcome.REPLACED) {
        maintenance.afterWrite();
      }
      return outcome;
    } catch (Throwable e) {
      context.pool().suspectLeak(e);
      throw e;
    } finally {
      if (large) {
        context.self().reserving().end();
      }
    }
  }

  private Outcome writeWithPages(
      NewRecord record,
      RecordBuffer buffer,
      Condition condition,
      long expectedStamp,
      Outcome firstOutcome) {
    try (Reservation reservation = new Reservation(context)) {
      Outcome outcome = firstOutcome;
      for (int i = 0; outcome.needsPages(); i++) {
        if (i == MOST_RESERVATIONS) {
          throw hasNoUseForPages(outcome);
        }
        if (outcome == Outcome.NEEDS_LOG) {
          reserveLog(reservation, record.log(), record.bytes());
        } else if (outcome == Outcome.NEEDS_INDEX) {
          reservation.reserveIndex();
        } else {
          record.mayMoveOthers(maintenance.reserveForEviction(reservation));
        }
        outcome = write(record, buffer, condition, expectedStamp, reservation);
      }
      return outcome;
    }
  }

  private BookException hasNoUseForPages(Outcome outcome) {
    return new BookException.Corrupt(
        "a shard gets pages and still lacks them: outcome="
            + outcome
            + ", shardAt="
            + shard
            + ", file="
            + memory.path()
            + "; destroy the book or restore a copy");
  }

  private Outcome write(
      NewRecord record,
      RecordBuffer buffer,
      Condition condition,
      long expectedStamp,
      @Nullable Reservation reservation) {
    locker.lock();
    try {
      if (reservation != null) {
        Outcome refusal = askGate(); // behind a gate that is shut nothing changes
        if (refusal != null) {
          return refusal;
        }
        maintenance.attach(reservation);
      }
      Outcome outcome = tryWrite(record, buffer, condition, expectedStamp);
      while (outcome == Outcome.NEEDS_EVICTION) {
        switch (maintenance.evictor().evict(record.mayMoveOthers())) {
          case EVICTED -> outcome = tryWrite(record, buffer, condition, expectedStamp);
          case NEEDS_LOG -> {
            return outcome;
          }
          default -> throw tooManyEntries();
        }
      }
      if (outcome == Outcome.ADDED) {
        maintenance.splitInPassing();
      }
      if (outcome == Outcome.ADDED || outcome == Outcome.REPLACED) {
        maintenance.sweeper().step();
      }
      return outcome;
    } finally {
      locker.unlock();
    }
  }

  private void reserveLog(Reservation reservation, RecordLog log, long bytes) {
    try {
      reservation.reserveLog(log, bytes, log.segmentPages(bytes));
    } catch (BookException.Full e) {
      if (context.bounds().evicts()
          ? !reservation.tryReserveLog(log, bytes)
          : !maintenance.makeRoom(log, bytes, reservation)) {
        throw e;
      }
    }
  }

  private Outcome tryWrite(
      NewRecord record, RecordBuffer buffer, Condition condition, long expectedStamp) {
    Outcome refusal = askGate();
    if (refusal != null) {
      return refusal;
    }
    long hash = record.hash();
    if (condition == Condition.KEY_FREE && context.keyLocks().isHeld(hash)) {
      return Outcome.REFUSED;
    }
    boolean evicts = context.bounds().evicts();
    boolean found = finder.find(buffer, hash);
    RecordView old = finder.record();
    if (condition == Condition.ABSENT
        ? found
        : condition == Condition.STAMP && (!found || old.stamp() != expectedStamp)) {
      return Outcome.REFUSED;
    }
    if (!found && !mayAdd()) {
      return Outcome.NEEDS_EVICTION;
    }
    RecordLog log = !evicts ? parts.main() : found ? parts.logOf(old.position()) : logForNew();
    record.goesTo(log);
    long bytes = record.bytes();
    // Where records are evicted oldest first, a new one is not put among the old.
    long at = found || !evicts ? log.reusable(bytes) : 0;
    boolean appended = at == 0;
    if (appended) {
      at = log.roomAtEnd(bytes);
      if (at == 0) {
        return Outcome.NEEDS_LOG;
      }
    }
    log.cover(at, bytes);
    journal.begin();
    long slot = BucketLayout.slot(BucketLayout.tagOfHash(hash), at);
    if (!finder.publish(journal, maintenance.indexSpace(), slot)) {
      return Outcome.NEEDS_INDEX;
    }
    long oldBytes = found ? old.bytes() : 0;
    long oldLarge = finder.largeBytes();
    record.write(memory, at, parts.stamps().next(), buffer);
    if (appended) {
      log.listEnd(journal, at + bytes);
    }
    if (record.isLarge()) {
      journal.adoptExtents(at);
    }
    if (oldLarge != 0) {
      journal.releaseExtents(old.position());
    }
    Accounts accounts = parts.accounts();
    accounts.records(found ? 0 : 1);
    accounts.largeBytes(record.largeBytes() - oldLarge);
    accounts.liveBytes(bytes - oldBytes);
    boolean buries = accounts.livePages(at, bytes, found ? old.position() : 0, oldBytes);
    if (log == parts.window()) {
      accounts.windowBytes(bytes + record.largeBytes() - oldBytes - oldLarge);
    }
    record.handOver();
    if (buffer.expiryMillis() != RecordBuffer.NEVER) {
      maintenance.sweeper().expect(); // before: who dies behind it leaves a record to be swept
    }
    journal.publish();
    if (buries) {
      log.bury(old.position(), oldBytes, true);
    }
    if (evicts) {
      countWrite(hash, found);
    }
    buffer.setFound(buffer.type(), buffer.expiryMillis(), record.stamp());
    return found ? Outcome.REPLACED : Outcome.ADDED;
  }

  /** A replacement is an access; an addition is a miss that was mended. */
  private void countWrite(long hash, boolean found) {
    if (found) {
      counters.raise(finder.slotPosition());
    } else {
      counters.set(finder.slotPosition(), 0);
      maintenance.sketch().add(hash);
    }
  }

  private RecordLog logForNew() {
    boolean full =
        context.pool().isNearlyFull()
            || (maximumEntries != 0
                && parts.accounts().get(ShardLayout.RECORDS_OFFSET) + 1 >= maximumEntries);
    return maintenance.evictor().logForNew(full);
  }

  /** Whether the bound on entries allows one more; not if one must be evicted first. */
  private boolean mayAdd() {
    if (maximumEntries == 0) {
      return true;
    }
    if (context.bounds().evicts()) {
      return parts.accounts().get(ShardLayout.RECORDS_OFFSET) < maximumEntries;
    }
    long records = 0;
    for (int i = 0; i < context.geometry().shards(); i++) {
      records += context.header(i).getLongAcquire(ShardLayout.RECORDS_OFFSET);
    }
    if (records >= context.bounds().maximumEntries()) {
      throw tooManyEntries();
    }
    return true;
  }

  private BookException tooManyEntries() {
    return new BookException.Full(
        "the book has reached its maximum number of entries: maximumEntries="
            + context.bounds().maximumEntries()
            + ", file="
            + memory.path()
            + "; remove records, or create it with a larger maximum");
  }

  /** Removes the record of the buffer's key. */
  Outcome remove(RecordBuffer buffer, long hash, Condition condition, long expectedStamp) {
    Outcome outcome;
    locker.lock();
    try {
      outcome = tryRemove(buffer, hash, condition, expectedStamp);
    } finally {
      locker.unlock();
    }
    if (outcome == Outcome.REMOVED) {
      maintenance.afterWrite();
    }
    return outcome;
  }

  private Outcome tryRemove(
      RecordBuffer buffer, long hash, Condition condition, long expectedStamp) {
    Outcome refusal = askGate();
    if (refusal != null) {
      return refusal;
    }
    if (!finder.find(buffer, hash)
        || (condition == Condition.STAMP && finder.record().stamp() != expectedStamp)) {
      return Outcome.REFUSED;
    }
    remover.remove(finder.record(), finder.slotPosition(), true);
    return Outcome.REMOVED;
  }

  /**
   * Changes the expiry of a record in place; REFUSED if its stamp differs or it has no expiry word.
   */
  Outcome touch(RecordBuffer buffer, long hash, long expectedStamp, long expiryMillis) {
    locker.lock();
    try {
      Outcome refusal = askGate();
      if (refusal != null) {
        return refusal;
      }
      if (!finder.find(buffer, hash)
          || finder.record().stamp() != expectedStamp
          || !finder.record().expires()) {
        return Outcome.REFUSED;
      }
      journal.begin();
      journal.set(finder.record().expiryPosition(), RecordLayout.expiryWord(expiryMillis));
      journal.publish();
      return Outcome.REPLACED;
    } finally {
      locker.unlock();
    }
  }

  private @Nullable Outcome askGate() {
    return switch (context.gate().ask()) {
      case OPEN -> null;
      case SHUT -> Outcome.SHUT;
      case MOVED -> Outcome.MOVED;
    };
  }
}
