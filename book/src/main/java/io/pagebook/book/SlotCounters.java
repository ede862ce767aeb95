package io.pagebook.book;

import io.pagebook.book.layout.SlotLayout;
import io.pagebook.book.process.Participant;
import java.util.Objects;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The counters of a participant's slot: what the slot's earlier holders left there, plus what this
 * one counts. Thread-safe.
 */
/*
 * A counter of a slot is the sum over all its holders, and is never taken out of it: a holder reads what it finds and publishes that
 * plus its own, the next one goes on from there. So each word has one writer at a time, who stores whole values; a death between any
 * two stores leaves each counter at a value that was published, and nothing is there to be added up by anybody, once or twice.
 */
final class SlotCounters {
  private final Participant self;
  private final long[] inherited = new long[SlotLayout.COUNTERS];

  /** Guarded by this. */
  private @Nullable IntToLongFunction counted;

  /** Guarded by this. */
  private boolean stopped;

  /** Of a participant that has just claimed its slot in the file. */
  SlotCounters(BookFile file) {
    self = file.self();
    for (int i = 0; i < inherited.length; i++) {
      inherited[i] = file.participants().counter(self.slot(), i);
    }
  }

  synchronized void countWith(IntToLongFunction function) {
    if (counted != null) {
      throw new IllegalStateException("the book has a function that counts already");
    }
    counted = Objects.requireNonNull(function, "function");
  }

  /**
   * Stores the values of now, unless others took this participant for dead or it has left. Asked
   * for and stored under one monitor, so that an earlier value never overwrites a later one.
   */
  synchronized void publish(BookFile file) {
    if (!stopped && file.participants().isCurrent(self.slot(), self.incarnation())) {
      store(file);
    }
  }

  /** As {@link #publish}, in a file that may have an earlier holder's word in the slot. */
  synchronized void store(BookFile file) {
    for (int i = 0; i < inherited.length; i++) {
      long own = counted == null ? 0 : counted.applyAsLong(i);
      file.participants().putCounter(self, i, inherited[i] + own);
    }
  }

  /** Nothing is published any more: the slot may be another's. */
  synchronized void stop() {
    stopped = true;
  }
}
