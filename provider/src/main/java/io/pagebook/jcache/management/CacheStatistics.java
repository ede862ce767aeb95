package io.pagebook.jcache.management;

import java.util.function.LongSupplier;

/**
 * What the operations of this JVM on one cache counted. Exact as soon as the operation returns. An
 * operation asks for a {@link #start()} and hands it to what it counts; a start of 0 counts
 * nothing, so that an operation is counted wholly or not at all when statistics are switched
 * meanwhile. Holds nothing of the cache. Thread-safe.
 */
public final class CacheStatistics {
  /** Numbers of the counters that all processes share, as in docs/spec: never given anew. */
  public static final int HITS = 0;

  public static final int MISSES = 1;
  public static final int PUTS = 2;
  public static final int REMOVALS = 3;

  public static final int EVICTIONS = 4;

  private final Counter hits = new Counter();
  private final Counter misses = new Counter();
  private final Counter puts = new Counter();
  private final Counter removals = new Counter();
  private final Counter getNanos = new Counter();
  private final Counter putNanos = new Counter();
  private final Counter removeNanos = new Counter();

  /** By number. */
  private final Counter[] shared = {hits, misses, puts, removals};

  private final LongSupplier bookEvictions;
  private volatile long evictionsAtReset;
  private volatile boolean enabled;

  /**
   * @param bookEvictions what this JVM evicted from the book; counted by the book itself, whether
   *     statistics are enabled or not
   */
  public CacheStatistics(LongSupplier bookEvictions) {
    this.bookEvictions = bookEvictions;
  }

  public boolean isEnabled() {
    return enabled;
  }

  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /** When an operation started; 0 if it is not to be counted. */
  public long start() {
    return enabled ? System.nanoTime() | 1 : 0;
  }

  public void hit(long start) {
    count(hits, getNanos, start);
  }

  public void miss(long start) {
    count(misses, getNanos, start);
  }

  public void put(long start) {
    count(puts, putNanos, start);
  }

  public void removal(long start) {
    count(removals, removeNanos, start);
  }

  /** Starts the figures anew, but for {@link #total}. */
  public void clear() {
    for (Counter counter :
        new Counter[] {hits, misses, puts, removals, getNanos, putNanos, removeNanos}) {
      counter.reset();
    }
    evictionsAtReset = bookEvictions.getAsLong();
  }

  public long hits() {
    return hits.sinceReset();
  }

  public long misses() {
    return misses.sinceReset();
  }

  public long puts() {
    return puts.sinceReset();
  }

  public long removals() {
    return removals.sinceReset();
  }

  public long evictions() {
    return bookEvictions.getAsLong() - evictionsAtReset;
  }

  /**
   * Counter {@code number} of those that all processes share: what was counted since the cache was
   * opened, whatever was cleared since; 0 for a number that counts nothing here.
   */
  public long total(int number) {
    if (number == EVICTIONS) {
      return bookEvictions.getAsLong();
    }
    return number < shared.length ? shared[number].total() : 0;
  }

  /** Mean time of a get in microseconds; 0 if there was none. */
  public float averageGetMicros() {
    return averageMicros(getNanos, hits() + misses());
  }

  /** Mean time of a put in microseconds; 0 if there was none. */
  public float averagePutMicros() {
    return averageMicros(putNanos, puts());
  }

  /** Mean time of a removal in microseconds; 0 if there was none. */
  public float averageRemoveMicros() {
    return averageMicros(removeNanos, removals());
  }

  private static void count(Counter counter, Counter nanos, long start) {
    if (start != 0) {
      counter.add(1);
      nanos.add(System.nanoTime() - start);
    }
  }

  private static float averageMicros(Counter nanos, long count) {
    return count == 0 ? 0 : (float) (nanos.sinceReset() / (double) count / 1000);
  }
}
