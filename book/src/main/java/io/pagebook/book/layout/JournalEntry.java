package io.pagebook.book.layout;

/**
 * One step of a shard's journal: a target word (a position, a multiple of 8, with the operation in
 * its low three bits) and a value. Each operation may be applied again and again with the same
 * result, as long as the shard's lock has not been released in between.
 */
public final class JournalEntry {
  public static final int ENTRY_BYTES = 16;
  public static final int VALUE_OFFSET = 8;

  /** Store the value at the position. */
  public static final int SET = 0;

  /** Give the large-value extents, listed in the record at the position, to the shard. */
  public static final int ADOPT = 1;

  /**
   * Free the large-value extents listed in the record at the position, as far as they are still the
   * shard's.
   */
  public static final int RELEASE = 2;

  /** Free the log extent, or the sketch, at the position, if it is still the shard's. */
  public static final int FREE_SEGMENT = 3;

  private static final int OPERATION_MASK = 7;

  private JournalEntry() {}

  public static long target(int operation, long position) {
    return position | operation;
  }

  public static int operation(long target) {
    return (int) target & OPERATION_MASK;
  }

  public static long position(long target) {
    return target & ~OPERATION_MASK;
  }
}
