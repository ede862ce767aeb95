package io.pagebook.book;

import io.pagebook.testing.Seeds;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What the workers of {@link KillLoop} have promised, in a file of its own that survives their
 * deaths: for each owned key the number of the operation begun last and of the one finished last,
 * and for each worker thread some counters.
 *
 * <p>Which operations remove and which put follows from key and number, so that a reader knows what
 * it may see: the outcome of any operation between the one that was finished when it began and the
 * one begun when it ended.
 */
final class CrashLog {
  /** Worker processes at a time. */
  static final int WORKERS = 4;

  /** Threads of each. */
  static final int THREADS = 2;

  /** Keys that only one thread writes, for each thread. */
  static final int OWNED_KEYS = 8;

  private static final int FIRST_OWNED_KEY = -1_000_000;
  private static final int ALL_OWNED = WORKERS * THREADS * OWNED_KEYS;
  private static final int KEY_BYTES = 16;
  private static final int COUNTERS_OFFSET = ALL_OWNED * KEY_BYTES;
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final MappedByteBuffer map;

  /** What each thread counts. */
  enum Counter {
    WRITES(0),
    READS(1),
    KEEPS_OUT_SINCE(2),
    STARTS(3),
    VACUUMS(4),
    BOOK_LOCKS(5);

    private static final int COUNT = 6;

    private final int place;

    Counter(int place) {
      this.place = place;
    }
  }

  CrashLog(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      map =
          channel.map(
              FileChannel.MapMode.READ_WRITE,
              0,
              COUNTERS_OFFSET + (long) WORKERS * THREADS * Counter.COUNT * Long.BYTES);
    }
  }

  /** All keys that have an owner. */
  static int allOwned() {
    return ALL_OWNED;
  }

  /** The ID of owned key {@code index}. */
  static int id(int index) {
    return FIRST_OWNED_KEY + index * 7919;
  }

  /** The index of the {@code i}-th key of a thread. */
  static int index(int worker, int thread, int i) {
    return (worker * THREADS + thread) * OWNED_KEYS + i;
  }

  /** Whether operation {@code number} on a key removes it; number 0 is the state before all. */
  static boolean removes(int index, long number) {
    return number == 0 || Seeds.mix(Seeds.mix(index) ^ number) % 8 == 0;
  }

  long begun(int index) {
    return (long) LONG.getVolatile(map, index * KEY_BYTES);
  }

  long finished(int index) {
    return (long) LONG.getVolatile(map, index * KEY_BYTES + Long.BYTES);
  }

  void begin(int index, long number) {
    LONG.setVolatile(map, index * KEY_BYTES, number);
  }

  void finish(int index, long number) {
    LONG.setVolatile(map, index * KEY_BYTES + Long.BYTES, number);
  }

  void add(int worker, int thread, Counter counter, long amount) {
    long unused = (long) LONG.getAndAdd(map, offset(worker, thread, counter), amount);
  }

  /** Since when a thread has kept other writers out as it may; 0: it does not. */
  void keepsOut(int worker, int thread, long since) {
    LONG.setVolatile(map, offset(worker, thread, Counter.KEEPS_OUT_SINCE), since);
  }

  /** Since when a dead worker had kept other writers out, {@code otherwise} if it had not. */
  long keptOutSince(int worker, long otherwise) {
    long earliest = otherwise;
    for (int thread = 0; thread < THREADS; thread++) {
      int offset = offset(worker, thread, Counter.KEEPS_OUT_SINCE);
      long since = (long) LONG.getVolatile(map, offset);
      if (since != 0 && since - earliest < 0) {
        earliest = since;
      }
      LONG.setVolatile(map, offset, 0L);
    }
    return earliest;
  }

  long sum(Counter counter) {
    long sum = 0;
    for (int worker = 0; worker < WORKERS; worker++) {
      for (int thread = 0; thread < THREADS; thread++) {
        sum += (long) LONG.getVolatile(map, offset(worker, thread, counter));
      }
    }
    return sum;
  }

  private static int offset(int worker, int thread, Counter counter) {
    return COUNTERS_OFFSET
        + ((worker * THREADS + thread) * Counter.COUNT + counter.place) * Long.BYTES;
  }

  /**
   * Fails unless what was read of an owned key is the outcome of an operation from {@code floor} to
   * {@code ceiling}.
   *
   * @param sequence the number in the value, or -1 for a miss
   */
  static void check(int index, long floor, long ceiling, long sequence) {
    boolean legal;
    if (sequence >= 0) {
      legal = sequence >= floor && sequence <= ceiling && !removes(index, sequence);
    } else {
      legal = false;
      for (long number = floor; number <= ceiling && !legal; number++) {
        legal = removes(index, number);
      }
    }
    if (!legal) {
      throw new AssertionError(
          (sequence >= 0
                  ? "stale, lost or premature value: sequence=" + sequence
                  : "lost value, a miss")
              + ": id="
              + id(index)
              + ", finished="
              + floor
              + ", begun="
              + ceiling);
    }
  }
}
