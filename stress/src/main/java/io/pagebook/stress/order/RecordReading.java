package io.pagebook.stress.order;

import io.pagebook.book.memory.PageMemory;

/**
 * A record as the engine writes and reads it, cut down to its ordered parts: line 0 holds the slot,
 * line 1 the head word and a body of two words, which say the same number in a whole record.
 */
final class RecordReading {
  /** The reader's answer where the slot is empty or points to another place. */
  static final int ELSEWHERE = -1;

  /** The reader's answer where slot or head were not the same afterwards: it tries again. */
  static final int CHANGED = -2;

  /** A record that was believed and is none that was written. */
  static final int TORN = -3;

  private static final PageMemory MEMORY = Words.MEMORY;

  private RecordReading() {}

  /** The body, plain, then the head, release: as NewRecord.write. */
  static void write(long at, long number) {
    long record = Words.line(at, 1);
    PageMemory.releaseFence();
    MEMORY.putLongPlain(record + Long.BYTES, number);
    MEMORY.putLongPlain(record + 2 * Long.BYTES, number);
    MEMORY.putLongRelease(record, head(number));
  }

  /** The slot points to line 1 of this state, or elsewhere. */
  static void publish(long at, long slot) {
    MEMORY.putLongRelease(at, slot);
  }

  /** What {@link #publish} stores for the record on line 1. */
  static long slot(long at) {
    return Words.line(at, 1) | 1;
  }

  /** Head words of different records differ, for they hold a stamp. */
  static long head(long number) {
    return number << 16;
  }

  /**
   * As ShardReader: slot, head, body, and behind an acquire fence the slot and then the head again.
   *
   * @return the record's number, or one of the negative answers
   */
  static int read(long at) {
    long record = Words.line(at, 1);
    long slot = MEMORY.getLongAcquire(at);
    if (slot != slot(at)) {
      return ELSEWHERE;
    }
    long head = MEMORY.getLongAcquire(record);
    long first = MEMORY.getLongPlain(record + Long.BYTES);
    long second = MEMORY.getLongPlain(record + 2 * Long.BYTES);
    PageMemory.acquireFence();
    if (MEMORY.getLongAcquire(at) != slot || MEMORY.getLongAcquire(record) != head) {
      return CHANGED;
    }
    return first == second && head == head(first) ? (int) first : TORN;
  }
}
