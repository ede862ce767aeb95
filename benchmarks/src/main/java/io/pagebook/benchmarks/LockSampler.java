package io.pagebook.benchmarks;

import java.util.concurrent.locks.LockSupport;

/**
 * A thread that looks at a shard's lock word now and then, and so tells for which part of the time
 * it is held. It looks rarely: each look takes the word's cache line from whoever works there.
 */
final class LockSampler {
  private static final long PAUSE_NANOS = 50_000;

  private final RawBook raw;
  private final int shard;
  private final Thread thread = new Thread(this::sample, "lock-sampler");
  private volatile boolean ended;
  private volatile double heldPart;

  LockSampler(RawBook raw, int shard) {
    this.raw = raw;
    this.shard = shard;
    thread.setDaemon(true);
    thread.start();
  }

  private void sample() {
    long looks = 0;
    long held = 0;
    while (!ended) {
      LockSupport.parkNanos(PAUSE_NANOS);
      held += raw.isLocked(shard) ? 1 : 0;
      looks++;
    }
    heldPart = (double) held / Math.max(1, looks);
  }

  /** After {@link #end}: the part of its looks that found the lock held. */
  double heldPart() {
    return heldPart;
  }

  void end() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
