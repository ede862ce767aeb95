package io.pagebook.book.shard;

import io.pagebook.book.BookException;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.SegmentLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.process.SharedLock;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * One shard of a book: its readers take no lock, its writers take the shard's, one at a time over
 * all processes. Thread- and process-safe.
 */
public final class Shard {
  /** What became of a write. */
  public enum Outcome {
    ADDED,
    REPLACED,
    REMOVED,
    /** The condition did not hold; nothing changed. */
    REFUSED,
    /** See {@link WriteGate.Answer#SHUT}; nothing changed. */
    SHUT,
    /** See {@link WriteGate.Answer#MOVED}; nothing changed. */
    MOVED,
    /** Inside this package: the log or the index needs pages first. */
    NEEDS_LOG,
    NEEDS_INDEX
  }

  /** On what condition a write takes place. */
  public enum Condition {
    NONE,
    ABSENT,
    /** The key's record has the expected stamp. */
    STAMP
  }

  private final StoreContext context;
  private final PageMemory memory;
  private final int shardIndex;
  private final long shard;
  private final SharedLock lock;
  private final Journal journal;
  private final ShardLocker locker;
  private final ShardIndex index;
  private final ShardReader reader;
  private final RecordLog log;
  private final Maintenance maintenance;
  private final SlotFinder finder;
  private final Stamps stamps;

  public Shard(StoreContext context, int shardIndex, ToLongFunction<RecordBuffer> hash) {
    this.context = context;
    this.memory = context.memory();
    this.shardIndex = shardIndex;
    this.shard = context.geometry().shard(shardIndex);
    this.lock =
        new SharedLock(
            memory,
            shard + ShardLayout.LOCK_OFFSET,
            context.participants(),
            context.self(),
            "shard " + shardIndex);
    this.journal = new Journal(context, lock, shardIndex);
    this.locker = new ShardLocker(lock, journal, context);
    this.index = new ShardIndex(memory, context.geometry(), shardIndex);
    this.reader = new ShardReader(context, index, locker);
    this.log = new RecordLog(context, shardIndex);
    this.finder = new SlotFinder(context, index);
    this.stamps = new Stamps(context, shardIndex);
    this.maintenance =
        new Maintenance(context, shardIndex, index, log, journal, locker, finder, stamps, hash);
  }

  /**
   * Reads the record of the buffer's key into it; false if there is none. Takes no lock unless it
   * keeps losing races.
   */
  public boolean read(RecordBuffer buffer, long hash, boolean withValue) {
    return reader.read(buffer, hash, withValue);
  }

  /** See {@link ShardReader#keysFrom}. */
  public long keysFrom(long cursor, KeySnapshot keys) {
    return reader.keysFrom(cursor, keys);
  }

  /** Stores the buffer's record, and sets the buffer's stamp to the new one's. */
  public Outcome write(RecordBuffer buffer, long hash, Condition condition, long expectedStamp) {
    try (NewRecord record = NewRecord.prepare(context, buffer)) {
      try (Reservation reservation = new Reservation(context)) {
        while (true) {
          locker.lock();
          Outcome outcome;
          try {
            maintenance.attach(reservation, record.bytes());
            outcome = tryWrite(record, buffer, hash, condition, expectedStamp);
            if (outcome == Outcome.ADDED) {
              maintenance.splitInPassing();
            }
          } finally {
            locker.unlock();
          }
          if (outcome == Outcome.NEEDS_LOG) {
            reserveLog(reservation, record.bytes());
          } else if (outcome == Outcome.NEEDS_INDEX) {
            reservation.reserveIndex();
          } else {
            if (outcome == Outcome.ADDED || outcome == Outcome.REPLACED) {
              maintenance.afterWrite();
            }
            return outcome;
          }
        }
      }
    } catch (Throwable e) {
      context.pool().suspectLeak();
      throw e;
    }
  }

  private void reserveLog(Reservation reservation, long bytes) {
    int pages = log.segmentPages(bytes);
    try {
      reservation.reserveLog(pages);
    } catch (BookException.Full e) {
      int least = log.leastPages(bytes);
      if (!maintenance.makeRoom(bytes, least, reservation)) {
        throw e;
      }
    }
  }

  private Outcome tryWrite(
      NewRecord record, RecordBuffer buffer, long hash, Condition condition, long expectedStamp) {
    Outcome refusal = askGate();
    if (refusal != null) {
      return refusal;
    }
    boolean found = finder.find(buffer, hash);
    RecordView old = finder.record();
    if (condition == Condition.ABSENT
        ? found
        : condition == Condition.STAMP && (!found || old.stamp() != expectedStamp)) {
      return Outcome.REFUSED;
    }
    long bytes = record.bytes();
    long at = log.reusable(bytes);
    boolean appended = at == 0;
    if (appended) {
      at = log.roomAtEnd(bytes);
      if (at == 0) {
        return Outcome.NEEDS_LOG;
      }
    }
    journal.begin();
    long slot = BucketLayout.slot(BucketLayout.tagOfHash(hash), at);
    if (!finder.publish(journal, maintenance.indexSpace(), slot)) {
      return Outcome.NEEDS_INDEX;
    }
    long stamp = stamps.next();
    record.write(memory, at, stamp, buffer);
    if (appended) {
      journal.set(shard + ShardLayout.LOG_NEXT_OFFSET, at + bytes);
    }
    if (record.isLarge()) {
      journal.adoptExtents(at);
    }
    long oldBytes = found ? old.bytes() : 0;
    if (!found) {
      journal.set(shard + ShardLayout.RECORDS_OFFSET, log.get(ShardLayout.RECORDS_OFFSET) + 1);
    }
    accountLarge(record.largeBytes() - (found ? finder.largeBytes() : 0));
    account(log.segmentOf(at), bytes, found ? log.segmentOf(old.position()) : 0, oldBytes);
    record.handOver();
    commit();
    if (found) {
      buryFound();
    }
    buffer.setFound(buffer.type(), buffer.expiryMillis(), stamp);
    return found ? Outcome.REPLACED : Outcome.ADDED;
  }

  /** Removes the record of the buffer's key. */
  public Outcome remove(RecordBuffer buffer, long hash, Condition condition, long expectedStamp) {
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
    RecordView old = finder.record();
    journal.begin();
    journal.set(finder.slotPosition(), BucketLayout.EMPTY);
    journal.set(shard + ShardLayout.RECORDS_OFFSET, log.get(ShardLayout.RECORDS_OFFSET) - 1);
    accountLarge(-finder.largeBytes());
    account(0, 0, log.segmentOf(old.position()), old.bytes());
    commit();
    buryFound();
    return Outcome.REMOVED;
  }

  /**
   * Changes the expiry of a record in place; REFUSED if its stamp differs or it has no expiry word.
   */
  public Outcome touch(RecordBuffer buffer, long hash, long expectedStamp, long expiryMillis) {
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
      journal.set(finder.record().expiryPosition(), expiryMillis);
      commit();
      return Outcome.REPLACED;
    } finally {
      locker.unlock();
    }
  }

  /**
   * Hands the value to {@code slices} as read-only views of the mapped pages, under the shard's
   * lock.
   */
  public boolean view(RecordBuffer buffer, long hash, Consumer<ByteBuffer> slices) {
    locker.lock();
    try {
      if (!finder.find(buffer, hash)) {
        return false;
      }
      RecordView record = finder.record();
      if (record.isLarge()) {
        int[] left = {record.valueBytes()};
        record.forEachExtent(
            record.position(),
            (page, pages) -> {
              int length = (int) Math.min(left[0], context.geometry().position(pages));
              left[0] -= length;
              slices.accept(memory.view(context.geometry().position(page), length));
            });
      } else {
        slices.accept(memory.view(record.valuePosition(), record.valueBytes()));
      }
      return true;
    } finally {
      locker.unlock();
    }
  }

  private @org.jspecify.annotations.Nullable Outcome askGate() {
    return switch (context.gate().ask()) {
      case OPEN -> null;
      case SHUT -> Outcome.SHUT;
      case MOVED -> Outcome.MOVED;
    };
  }

  /** Lists the change of live bytes: of the shard, and of the one or two segments concerned. */
  private void account(long newSegment, long newBytes, long oldSegment, long oldBytes) {
    journal.set(
        shard + ShardLayout.LIVE_BYTES_OFFSET,
        log.get(ShardLayout.LIVE_BYTES_OFFSET) + newBytes - oldBytes);
    if (newSegment == oldSegment) {
      setLive(newSegment, newBytes - oldBytes);
    } else {
      setLive(newSegment, newBytes);
      setLive(oldSegment, -oldBytes);
    }
  }

  private void setLive(long segment, long change) {
    if (segment != 0 && change != 0) {
      journal.set(segment + SegmentLayout.LIVE_BYTES_OFFSET, log.liveBytes(segment) + change);
    }
  }

  private void accountLarge(long change) {
    if (change != 0) {
      journal.set(
          shard + ShardLayout.LARGE_BYTES_OFFSET, log.get(ShardLayout.LARGE_BYTES_OFFSET) + change);
    }
    if (finder.largeBytes() != 0) {
      journal.releaseExtents(finder.record().position());
    }
  }

  /** The generation is odd from before the first slot store to after the last. */
  private void commit() {
    long position = BookLayout.generation(shardIndex);
    long generation = memory.getLongPlain(position);
    memory.putLongRelease(position, generation + 1);
    PageMemory.releaseFence();
    journal.commit();
    memory.putLongRelease(position, generation + 2);
  }

  private void buryFound() {
    RecordView old = finder.record();
    long segment = log.segmentOf(old.position());
    if (segment != 0) {
      log.bury(old.position(), old.bytes(), segment);
    }
  }

  public long generationAcquire() {
    return memory.getLongAcquire(BookLayout.generation(shardIndex));
  }

  public long records() {
    return memory.getLongAcquire(shard + ShardLayout.RECORDS_OFFSET);
  }

  /** Bytes of live records, headers and large values included. */
  public long usedBytes() {
    return memory.getLongAcquire(shard + ShardLayout.LIVE_BYTES_OFFSET)
        + memory.getLongAcquire(shard + ShardLayout.LARGE_BYTES_OFFSET);
  }

  /**
   * Takes the shard's lock for the vacuum or the checker, which need it for longer than one
   * operation.
   */
  public void lock() {
    locker.lock();
  }

  public void unlock() {
    locker.unlock();
  }

  /** Ends what a dead owner had begun, if the lock is to be had. */
  public void recoverIfOwnerless() {
    if (!locker.isHeldByCurrentThread() && locker.tryLock()) {
      locker.unlock();
    }
  }

  /** Waits until whoever is inside now has left; for those who have just shut the gate. */
  public void awaitQuiet(long patienceNanos) {
    if (!locker.tryLock()) { // which does not wait to see that an owner is dead
      locker.lock(patienceNanos);
    }
    locker.unlock();
  }

  /**
   * Waits for this participant's writers and lets no more of them in; false if one of them stayed
   * too long.
   */
  public boolean shutDown(long patienceNanos) {
    return locker.shutDown(patienceNanos);
  }
}
