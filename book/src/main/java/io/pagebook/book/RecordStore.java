package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.SlotLayout;
import io.pagebook.book.process.ParticipantTable;
import io.pagebook.book.process.Pause;
import io.pagebook.book.shard.Shard;
import io.pagebook.book.shard.WriteGate;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;

/**
 * The records of a book under IDs or keys of bytes: the engine's surface for providers. Keys and
 * values travel in {@link RecordBuffer}s. Thread- and process-safe; a finished write is seen by
 * every read that starts afterwards, in any process.
 *
 * <p>Every method throws {@link BookException.Closed} after the book was closed or destroyed;
 * writes throw {@link BookException.LockTimeout} if another live process kept a lock, {@link
 * BookException.Full} where there is no room, and {@link BookException.LockMisuse} if the thread
 * holds the book-wide read lock.
 */
public final class RecordStore {
  private static final long LONGEST_WAIT_NANOS = 5_000_000;
  private static final int MOST_VAIN = 3;

  private final OpenBook book;

  RecordStore(OpenBook book) {
    this.book = book;
  }

  /**
   * Reads the record of the buffer's key into the buffer, without a lock; false if there is none. A
   * record that has expired and was not swept is returned: see {@link RecordBuffer#isExpired}. A
   * damaged one is counted and is a miss.
   */
  public boolean get(RecordBuffer buffer) {
    return read(buffer, true);
  }

  /** As {@link #get} but without the value: fills type, value length, expiry and stamp. */
  public boolean find(RecordBuffer buffer) {
    return read(buffer, false);
  }

  /**
   * As {@link #get}, and notes in the buffer, for {@link #isCurrent}, the key's shard and its
   * generation before the look.
   */
  public boolean getWithGeneration(RecordBuffer buffer) {
    return readWithGeneration(buffer, true);
  }

  /** As {@link #find}, and notes shard and generation as {@link #getWithGeneration} does. */
  public boolean findWithGeneration(RecordBuffer buffer) {
    return readWithGeneration(buffer, false);
  }

  /**
   * Whether what was read of a shard in a generation is what the book holds now: true means that no
   * write to the shard began between, and that the book is open and was neither moved nor
   * destroyed; false means nothing but that the book must be asked. For near-caches: loads two
   * words of page 0. The generations of a shard only rise, also across a vacuum.
   */
  public boolean isCurrent(int shard, long generation) {
    BookFile file = book.file();
    return file.generationAcquire(shard) == generation && (generation & 1) == 0 && file.isServing();
  }

  private boolean readWithGeneration(RecordBuffer buffer, boolean withValue) {
    while (true) {
      BookFile file = book.file();
      try {
        long hash = file.hash(buffer);
        int shard = file.shardIndexOf(hash);
        buffer.setReadAt(shard, file.generationAcquire(shard)); // before the slot is looked at
        boolean found = file.read(shard, buffer, hash, withValue);
        if (file.isServing()) {
          return found;
        }
      } catch (BookException e) {
        book.throwUnlessMoved(file, e);
      }
      book.settle(book.deadline());
    }
  }

  private boolean read(RecordBuffer buffer, boolean withValue) {
    while (true) {
      BookFile file = book.file();
      try {
        long hash = file.hash(buffer);
        boolean found = file.read(file.shardIndexOf(hash), buffer, hash, withValue);
        if (file.isServing()) {
          return found;
        }
      } catch (BookException e) {
        book.throwUnlessMoved(file, e);
      }
      book.settle(book.deadline());
    }
  }

  /**
   * Adds or replaces; true if a record was replaced. Sets the buffer's stamp to the new record's.
   */
  public boolean put(RecordBuffer buffer) {
    return write(buffer, Shard.Condition.NONE, 0) == Shard.Outcome.REPLACED;
  }

  /**
   * As {@link #put}, while nobody holds the key's stripe: {@link #lock}, put and close in one. The
   * stripe is taken only if somebody does; else a look at it under the shard's lock is enough.
   *
   * @throws BookException.LockMisuse if this thread holds the stripe for this key
   */
  public boolean lockAndPut(RecordBuffer buffer) {
    Shard.Outcome outcome = write(buffer, Shard.Condition.KEY_FREE, 0);
    if (outcome != Shard.Outcome.REFUSED) {
      return outcome == Shard.Outcome.REPLACED;
    }
    try (KeyLock stripe = lock(buffer)) {
      Objects.requireNonNull(stripe);
      return put(buffer);
    }
  }

  /** Adds; false, and nothing changed, if the key is there. */
  public boolean add(RecordBuffer buffer) {
    return write(buffer, Shard.Condition.ABSENT, 0) == Shard.Outcome.ADDED;
  }

  /**
   * Replaces the record if its stamp is {@code expectedStamp}. False may also mean that the record
   * was moved to another place in the file, which gives it a new stamp: read it again.
   */
  public boolean replace(RecordBuffer buffer, long expectedStamp) {
    return write(buffer, Shard.Condition.STAMP, expectedStamp) == Shard.Outcome.REPLACED;
  }

  /** Removes; false if the key is absent. */
  public boolean remove(RecordBuffer buffer) {
    return remove(buffer, Shard.Condition.NONE, 0);
  }

  /** Removes the record if its stamp is {@code expectedStamp}; as for {@link #replace}. */
  public boolean remove(RecordBuffer buffer, long expectedStamp) {
    return remove(buffer, Shard.Condition.STAMP, expectedStamp);
  }

  /**
   * Changes when the record expires, if its stamp is {@code expectedStamp}; as for {@link
   * #replace}. In place where the record was written with an expiry; else it is written anew, and
   * the buffer's value is used for that.
   */
  public boolean touch(RecordBuffer buffer, long expectedStamp, long newExpiryMillis) {
    boolean hadExpiry = buffer.expiryMillis() != RecordBuffer.NEVER;
    if (!hadExpiry || newExpiryMillis == RecordBuffer.NEVER) {
      if (!get(buffer) || buffer.stamp() != expectedStamp) {
        return false;
      }
      buffer.setExpiryMillis(newExpiryMillis);
      return replace(buffer, expectedStamp);
    }
    long expiry = RecordBuffer.storableExpiry(newExpiryMillis);
    Shard.Outcome outcome =
        change(buffer, (shard, hash) -> shard.touch(buffer, hash, expectedStamp, expiry));
    if (outcome == Shard.Outcome.REPLACED) {
      buffer.setExpiryMillis(expiry);
    }
    return outcome == Shard.Outcome.REPLACED;
  }

  /**
   * Hands the value to {@code slices} in mapped, read-only pieces, under the shard's lock; false if
   * the key is absent.
   */
  boolean view(RecordBuffer buffer, Consumer<ByteBuffer> slices) {
    while (true) {
      BookFile file = serving();
      boolean[] begun = {false};
      try {
        long hash = file.hash(buffer);
        return file.shardOf(hash)
            .view(
                buffer,
                hash,
                slice -> {
                  begun[0] = true;
                  slices.accept(slice);
                });
      } catch (BookException e) {
        if (begun[0]) {
          throw e; // it is the caller's own
        }
        book.throwUnlessMoved(file, e);
      }
    }
  }

  private Shard.Outcome write(RecordBuffer buffer, Shard.Condition condition, long stamp) {
    long deadline = 0;
    int vain = 0;
    while (true) {
      try {
        return change(buffer, (shard, hash) -> shard.write(buffer, hash, condition, stamp));
      } catch (BookException.Full e) {
        deadline = deadline == 0 ? book.deadline() : deadline;
        BookFile file = serving();
        if (makeRoom(file, buffer)) {
          vain = 0;
          continue;
        }
        WriteGate.Answer answer = file.gate().ask();
        if (answer != WriteGate.Answer.OPEN) {
          waitFor(file, answer == WriteGate.Answer.MOVED); // nothing may be dropped meanwhile
        } else if (waitForOthers(file, deadline)) {
          vain = 0;
        } else if (++vain == MOST_VAIN) {
          throw e; // not at once: between the looks a gate may have opened, or others have ended
        }
      }
    }
  }

  /**
   * Large values on their way into a book that evicts may fill it together, and nothing of them can
   * be evicted yet. False if there are none, or at the deadline.
   */
  private boolean waitForOthers(BookFile file, long deadline) {
    if (!file.context().bounds().evicts()
        || System.nanoTime() - deadline >= 0
        || !file.pool().isAnyReserved()) {
      return false;
    }
    // not all at the same time: those that wait may be in each other's way only
    Pause.park(book, ThreadLocalRandom.current().nextLong(LONGEST_WAIT_NANOS));
    return true;
  }

  private boolean remove(RecordBuffer buffer, Shard.Condition condition, long stamp) {
    return change(buffer, (shard, hash) -> shard.remove(buffer, hash, condition, stamp))
        == Shard.Outcome.REMOVED;
  }

  /**
   * By eviction, or, in a book that does not evict, of what has expired; false if there is none.
   */
  private boolean makeRoom(BookFile file, RecordBuffer buffer) {
    long bytes = (long) buffer.keyLength() + buffer.valueLength();
    try {
      return file.context().bounds().evicts()
          ? file.makeRoom(file.geometry().pagesFor(bytes) + 1L)
          : file.dropExpired();
    } catch (BookException e) {
      book.throwUnlessMoved(file, e);
      return true; // the write looks once more
    } catch (IndexOutOfBoundsException | IllegalStateException e) {
      throw BookException.Corrupt.at(file.memory().path(), e);
    }
  }

  /** A change of one shard. */
  private interface Change {
    Shard.Outcome apply(Shard shard, long hash);
  }

  private Shard.Outcome change(RecordBuffer buffer, Change change) {
    while (true) {
      BookFile file = book.file();
      long hash = file.hash(buffer);
      Shard.Outcome outcome;
      try {
        outcome = change.apply(file.shardOf(hash), hash);
      } catch (BookException e) {
        book.throwUnlessMoved(file, e);
        outcome = Shard.Outcome.MOVED;
      } catch (IndexOutOfBoundsException | IllegalStateException e) {
        throw BookException.Corrupt.at(file.memory().path(), e);
      }
      switch (outcome) {
        case MOVED, SHUT -> waitFor(file, outcome == Shard.Outcome.MOVED);
        default -> {
          if (outcome != Shard.Outcome.REFUSED && forcesEachWrite()) {
            book.force();
          }
          return outcome;
        }
      }
    }
  }

  private boolean forcesEachWrite() {
    java.time.Duration interval = book.options().forceInterval();
    return interval != null && interval.isZero();
  }

  /**
   * Takes the stripe of the buffer's key, shared by all processes, which may be held across user
   * code. It keeps out whoever takes it too, and {@link #lockAndPut}, and nobody else. A thread
   * that holds it for another key may take it again. Waits for the stripe up to the lock timeout,
   * and as long again for whoever is writing, or in a {@link PageBook#view}, in the key's shard.
   *
   * @throws BookException.LockMisuse if this thread holds it for this key
   */
  public KeyLock lock(RecordBuffer buffer) {
    while (true) {
      BookFile file = book.file();
      long hash = file.hash(buffer);
      long patience = book.options().lockTimeout().toNanos();
      int stripe = file.stripes().lock(hash, patience);
      boolean inside = false;
      WriteGate.Answer answer;
      try {
        answer = file.gate().ask(stripe);
        if (answer == WriteGate.Answer.OPEN) {
          file.shardOf(hash).awaitWriter(patience); // who may have seen the stripe free
          inside = true;
        }
      } catch (IndexOutOfBoundsException | IllegalStateException e) {
        throw BookException.Corrupt.at(file.memory().path(), e);
      } finally {
        if (!inside && stripe >= 0) {
          file.stripes().unlock(stripe);
        }
      }
      if (inside) {
        return () -> {
          if (stripe >= 0) {
            file.stripes().unlock(stripe);
          }
        };
      }
      waitFor(file, answer == WriteGate.Answer.MOVED);
    }
  }

  /** Waits until a gate that was shut looks open, or a file that has moved has been followed. */
  private void waitFor(BookFile file, boolean moved) {
    if (moved) {
      book.settle(book.deadline());
    } else {
      file.gate().awaitOpen(book.deadline());
    }
  }

  /**
   * A pass over all records: each one that is there throughout is seen exactly once. Holds no lock
   * between its steps.
   */
  public RecordCursor cursor() {
    return new RecordCursor(book, this);
  }

  /** Number of records, expired ones that were not swept included. */
  public long count() {
    long sum = 0;
    for (Shard shard : serving().shards()) {
      sum += shard.records();
    }
    return sum;
  }

  /** Bytes of live records, headers and large values included. */
  public long usedBytes() {
    long sum = 0;
    for (Shard shard : serving().shards()) {
      sum += shard.usedBytes();
    }
    return sum;
  }

  /**
   * Damaged records that this opening of the book met, and misses for which a damaged index may be
   * to blame.
   */
  public long damagedRecords() {
    return book.damagedRecords();
  }

  /**
   * Shares eight counters with all who open the book; what they mean is the caller's. The function
   * is asked for counter 0 to 7 about once a second on a background thread, in {@link #counters},
   * and in {@link PageBook#close()}. It returns what was counted since the book was opened here,
   * never less than before; it must be quick and must not use the book.
   *
   * @throws IllegalStateException if the book has such a function already
   */
  public void countWith(IntToLongFunction counted) {
    book.counters().countWith(counted);
  }

  /**
   * The eight counters, summed over all openings of the book by any process, past and present:
   * exact for this one and for those that were closed. Others that live add what they counted up to
   * about a second ago, those that were killed what they had published.
   */
  public long[] counters() {
    book.publishCounters();
    ParticipantTable participants = serving().participants();
    long[] sums = new long[SlotLayout.COUNTERS];
    for (int slot = 0; slot < BookLayout.SLOTS; slot++) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += participants.counter(slot, i);
      }
    }
    return sums;
  }

  /** Records that this participant evicted since it opened the book. */
  public long evictions() {
    return book.evictions().sum();
  }

  /** {@link #evictions()} for whoever may outlive the book: holds nothing of it, and goes on. */
  public LongSupplier evictionCounter() {
    return book.evictions()::sum;
  }

  BookFile serving() {
    while (true) {
      BookFile file = book.file();
      if (file.isServing()) {
        return file;
      }
      book.settle(book.deadline());
    }
  }

  /** Removes every record that is there throughout the call. */
  public void clear() {
    RecordBuffer buffer = new RecordBuffer();
    RecordCursor cursor = cursor();
    while (cursor.nextKey(buffer)) {
      remove(buffer);
    }
  }

  /** A held stripe. */
  public interface KeyLock extends AutoCloseable {
    /** Releases the stripe; on the thread that took it. */
    @Override
    void close();
  }
}
