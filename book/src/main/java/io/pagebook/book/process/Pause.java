package io.pagebook.book.process;

import java.util.concurrent.locks.LockSupport;

/**
 * A short wait between two looks. The interrupt flag is put aside for it: with the flag set,
 * parking returns at once, and who waits would take a whole processor.
 */
public final class Pause {
  private Pause() {}

  /** Waits for so long, or less; an interrupt ends it, and is kept. */
  public static void park(Object blocker, long nanos) {
    boolean interrupted = Thread.interrupted();
    if (interrupted) {
      LockSupport.parkNanos(blocker, 1); // setting the flag left a permit: it is used up here
    }
    LockSupport.parkNanos(blocker, nanos);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
