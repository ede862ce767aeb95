package io.pagebook.jcache.concurrent;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Lets operations in until it is shut, and tells when the last one is out. Thread-safe. */
/*
 * Two counters instead of one word that all threads write. An operation counts itself in before it looks whether
 * the gate is shut; shutting is done before the counters are read. So who saw an open gate has been counted. The
 * sum of exits is read first: it is equal to the later sum of entries only if nobody was inside in between.
 */
public final class OperationGate {
  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private final LongAdder entered = new LongAdder();
  private final LongAdder left = new LongAdder();
  private volatile boolean shut;

  /** Counts an operation in; false, and nothing to leave, if the gate is shut. */
  public boolean enter() {
    entered.increment();
    if (shut) {
      left.increment();
      return false;
    }
    return true;
  }

  public void leave() {
    left.increment();
  }

  /**
   * Lets nobody in any more and waits until all are out; an interrupt is kept, and ends no wait.
   *
   * @param own how many of the operations inside are the caller's own, which it cannot wait for
   */
  public void shut(int own, long timeoutNanos) {
    shut = true;
    long deadline = System.nanoTime() + timeoutNanos;
    boolean interrupted = false;
    while (inside() > own && deadline - System.nanoTime() > 0) {
      LockSupport.parkNanos(this, PAUSE_NANOS);
      interrupted |= Thread.interrupted(); // else parking would not pause any more
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private long inside() {
    long out = left.sum();
    return entered.sum() - out;
  }
}
