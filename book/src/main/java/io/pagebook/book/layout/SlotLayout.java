package io.pagebook.book.layout;

/**
 * One participant slot, 128 bytes. Its owner holds the kernel lock on byte {@code book id * 4096 +
 * slot} of the side file.
 *
 * <pre>
 *   0  state and incarnation   8  state in bits 32..39, incarnation in bits 0..31
 *   8  process id              8
 *  16  process start time      8  clock ticks since boot
 *  24  process namespace       8  inode of the PID namespace
 *  32  heartbeat               8  moves every few milliseconds while the process lives
 *  40  read hold               8  not 0: a thread of this participant holds the book-wide read lock
 *  64  counters               64  eight sums over all holders of the slot, past and present
 * </pre>
 */
public final class SlotLayout {
  public static final int WORD_OFFSET = 0;
  public static final int PID_OFFSET = WORD_OFFSET + Long.BYTES;
  public static final int START_TIME_OFFSET = PID_OFFSET + Long.BYTES;
  public static final int NAMESPACE_OFFSET = START_TIME_OFFSET + Long.BYTES;
  public static final int HEARTBEAT_OFFSET = NAMESPACE_OFFSET + Long.BYTES;
  public static final int READ_HOLD_OFFSET = HEARTBEAT_OFFSET + Long.BYTES;
  public static final int COUNTERS_OFFSET = 64;
  public static final int COUNTERS = 8;
  public static final int SLOT_BYTES = 128;

  public static final int STATE_EMPTY = 0;
  public static final int STATE_USED = 1;

  /** The owner is dead and what it held is being given back. */
  public static final int STATE_RECLAIMING = 2;

  private static final int STATE_SHIFT = 32;
  private static final long INCARNATION_MASK = (1L << STATE_SHIFT) - 1;

  private SlotLayout() {}

  /** Where counter {@code index} is in the slot. */
  public static int counterOffset(int index) {
    return COUNTERS_OFFSET + index * Long.BYTES;
  }

  public static long word(int state, long incarnation) {
    return (long) state << STATE_SHIFT | (incarnation & INCARNATION_MASK);
  }

  public static int state(long word) {
    return (int) (word >>> STATE_SHIFT) & 0xFF;
  }

  public static long incarnation(long word) {
    return word & INCARNATION_MASK;
  }
}
