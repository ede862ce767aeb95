package io.pagebook.jcache.management;

import java.util.concurrent.atomic.LongAdder;

/**
 * What the operations of this JVM on one cache counted. Exact as soon as the operation returns. An
 * operation asks for a {@link #start()} and hands it to what it counts; a start of 0 counts
 * nothing, so that an operation is counted wholly or not at all when statistics are switched
 * meanwhile. Thread-safe.
 */
public final class CacheStatistics {
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder puts = new LongAdder();
  private final LongAdder removals = new LongAdder();
  private final LongAdder getNanos = new LongAdder();
  private final LongAdder putNanos = new LongAdder();
  private final LongAdder removeNanos = new LongAdder();
  private volatile boolean enabled;

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

  public void clear() {
    for (LongAdder counter :
        new LongAdder[] {hits, misses, puts, removals, getNanos, putNanos, removeNanos}) {
      counter.reset();
    }
  }

  public long hits() {
    return hits.sum();
  }

  public long misses() {
    return misses.sum();
  }

  public long puts() {
    return puts.sum();
  }

  public long removals() {
    return removals.sum();
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

  private static void count(LongAdder counter, LongAdder nanos, long start) {
    if (start != 0) {
      counter.increment();
      nanos.add(System.nanoTime() - start);
    }
  }

  private static float averageMicros(LongAdder nanos, long count) {
    return count == 0 ? 0 : (float) (nanos.sum() / (double) count / 1000);
  }
}
