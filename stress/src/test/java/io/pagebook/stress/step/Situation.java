package io.pagebook.stress.step;

import io.pagebook.book.layout.BookLayout;
import java.util.Set;

/**
 * What the words of the book say while a process stands still.
 *
 * @param held what it holds
 * @param shards the shards it holds, a bit each
 * @param state of the file that serves, as far as the looking process knows
 */
record Situation(Set<Lock> held, int shards, long state) {
  boolean holds(Lock lock) {
    return held.contains(lock);
  }

  boolean holdsShard(int shard) {
    return (shards >>> shard & 1) != 0 && !hasArrived();
  }

  boolean holdsAnyShard() {
    return shards != 0 && !hasArrived();
  }

  boolean grows() {
    return holds(Lock.GROWTH) || holds(Lock.GROWTH_DONE);
  }

  boolean isHalfDone() {
    return holds(Lock.SHARD_WITH_INTENT) || holds(Lock.SHARD_WITH_SPLIT);
  }

  /**
   * Whether a vacuum's new file is in the old one's place, and the old one is marked: then nothing
   * that is held matters to anybody, and whoever comes first has the new one serve.
   */
  boolean hasArrived() {
    return state == BookLayout.STATE_MOVED || state == BookLayout.STATE_ARRIVING;
  }

  /** Whether new readers of the book-wide lock stand back. */
  boolean announces() {
    return holds(Lock.GATE_ANNOUNCED) && !hasArrived();
  }

  /** Whether nothing can be written, whatever shard it goes to. */
  boolean isShut() {
    return (holds(Lock.GATE) || state != BookLayout.STATE_NORMAL) && !hasArrived();
  }
}
