package io.pagebook.book.shard;

import io.pagebook.book.BookException;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.memory.Words;
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
    /** The condition did not hold; nothing changed, unless room for the record was made before. */
    REFUSED,
    /** See {@link WriteGate.Answer#SHUT}; nothing changed. */
    SHUT,
    /** See {@link WriteGate.Answer#MOVED}; nothing changed. */
    MOVED,
    /** Inside this package: the log or the index needs pages first. */
    NEEDS_LOG,
    NEEDS_INDEX,
    /** Inside this package: a record more would be one too many. */
    NEEDS_EVICTION;

    boolean needsPages() {
      return this == NEEDS_LOG || this == NEEDS_INDEX || this == NEEDS_EVICTION;
    }
  }

  /** On what condition a write takes place. */
  public enum Condition {
    NONE,
    ABSENT,
    /** The key's record has the expected stamp. */
    STAMP,
    /**
     * Nobody holds the key's stripe; see {@link KeyLocks}. It may be taken while the write evicts.
     */
    KEY_FREE
  }

  private final StoreContext context;
  private final PageMemory memory;
  private final Words header;
  private final ShardLocker locker;
  private final ShardReader reader;
  private final ShardParts parts;
  private final Maintenance maintenance;
  private final SlotFinder finder;
  private final ShardWriter writer;

  public Shard(StoreContext context, int shardIndex, ToLongFunction<RecordBuffer> hash) {
    this.context = context;
    this.memory = context.memory();
    this.header = context.header(shardIndex);
    SharedLock lock =
        new SharedLock(
            memory,
            header.position() + ShardLayout.LOCK_OFFSET,
            context.participants(),
            context.self(),
            "shard " + shardIndex);
    this.parts = ShardParts.of(context, shardIndex, lock, hash);
    this.locker = new ShardLocker(lock, parts.journal(), context);
    AccessCounters counters = new AccessCounters(memory);
    this.reader = new ShardReader(context, parts.index(), locker, counters);
    this.finder = parts.newFinder();
    this.maintenance = new Maintenance(parts, locker, counters);
    this.writer =
        new ShardWriter(context, shardIndex, parts, locker, finder, maintenance, counters);
  }

  /**
   * Reads the record of the buffer's key into it; false if there is none. Takes no lock unless it
   * keeps losing races.
   */
  public boolean read(RecordBuffer buffer, long hash, boolean withValue) {
    return reader.read(buffer, hash, withValue);
  }

  /** Stores the buffer's record, and sets the buffer's stamp to the new one's. */
  public Outcome write(RecordBuffer buffer, long hash, Condition condition, long expectedStamp) {
    return writer.write(buffer, hash, condition, expectedStamp);
  }

  /** Removes the record of the buffer's key. */
  public Outcome remove(RecordBuffer buffer, long hash, Condition condition, long expectedStamp) {
    return writer.remove(buffer, hash, condition, expectedStamp);
  }

  /**
   * Changes the expiry of a record in place; REFUSED if its stamp differs or it has no expiry word.
   */
  public Outcome touch(RecordBuffer buffer, long hash, long expectedStamp, long expiryMillis) {
    return writer.touch(buffer, hash, expectedStamp, expiryMillis);
  }

  ShardIndex index() {
    return parts.index();
  }

  /** See {@link ShardReader#keysFrom}. */
  public long keysFrom(long cursor, KeySnapshot keys) {
    return reader.keysFrom(cursor, keys);
  }

  /**
   * Evicts until pages came free, or a bounded number of records is gone; false if there is nothing
   * to evict.
   */
  public boolean evictPages() {
    try {
      return maintenance.evictPages();
    } catch (Throwable e) {
      context.pool().suspectLeak(e);
      throw e;
    }
  }

  /**
   * Drops all that expired more than a second ago, for a writer that found no room; false if there
   * was nothing. Takes the shard's lock for a part at a time.
   */
  public boolean dropExpired() {
    try {
      return maintenance.dropExpired();
    } catch (Throwable e) {
      context.pool().suspectLeak(e);
      throw e;
    }
  }

  /** Bytes of all pages that hold records. */
  public long pageBytes() {
    return header.getLongAcquire(ShardLayout.LOG_BYTES_OFFSET)
        + header.getLongAcquire(ShardLayout.LARGE_BYTES_OFFSET);
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
              long start = context.geometry().position(page);
              if (!memory.ensureCovers(start, length)) {
                throw new BookException.Corrupt(
                    "the file is shorter than a value in it: page="
                        + page
                        + ", file="
                        + memory.path()
                        + "; somebody truncated it: restore a copy");
              }
              slices.accept(memory.view(start, length));
            });
      } else {
        slices.accept(memory.view(record.valuePosition(), record.valueBytes()));
      }
      return true;
    } finally {
      locker.unlock();
    }
  }

  public long records() {
    return header.getLongAcquire(ShardLayout.RECORDS_OFFSET);
  }

  /** Bytes of live records, headers and large values included. */
  public long usedBytes() {
    return header.getLongAcquire(ShardLayout.LIVE_BYTES_OFFSET)
        + header.getLongAcquire(ShardLayout.LARGE_BYTES_OFFSET);
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

  /** Waits until whoever is inside now has left; for those who have just shut the gate. */
  public void awaitQuiet(long patienceNanos) {
    if (!locker.tryLock()) { // which does not wait to see that an owner is dead
      locker.lock(patienceNanos);
    }
    locker.unlock();
  }

  /**
   * Waits until whoever is inside now has left; for those who have just taken a key's stripe. Most
   * often nobody is, and else not for long: it is not asked first whether an owner is dead.
   */
  public void awaitWriter(long patienceNanos) {
    if (!locker.isFree()) {
      locker.lock(patienceNanos);
      locker.unlock();
    }
  }

  /**
   * Waits for this participant's writers and lets no more of them in; false if one of them stayed
   * too long.
   */
  public boolean shutDown(long patienceNanos) {
    return locker.shutDown(patienceNanos);
  }
}
