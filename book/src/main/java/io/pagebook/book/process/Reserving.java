package io.pagebook.book.process;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the threads of a participant that may hold pages of which no lock tells: reserved, and not
 * given to a shard. Whoever leaves waits for them. Thread-safe.
 */
public final class Reserving {
  private final LongAdder threads = new LongAdder();
  private volatile boolean ended;

  /**
   * False if the participant is leaving; else {@link #end} must follow. Counted first, then looked:
   * the leaver does it the other way round.
   */
  public boolean begin() {
    threads.increment();
    if (ended) {
      threads.decrement();
      return false;
    }
    return true;
  }

  public void end() {
    threads.decrement();
  }

  /** Lets none begin any more. */
  public void stop() {
    ended = true;
  }

  public boolean isAny() {
    return threads.sum() != 0;
  }
}
