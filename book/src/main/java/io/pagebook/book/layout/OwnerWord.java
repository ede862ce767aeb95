package io.pagebook.book.layout;

/**
 * A lock word: who owns the lock. 0 means nobody does.
 *
 * <pre>
 *   bits  0..31  incarnation of the owner's slot, never 0
 *   bits 32..47  slot
 *   bit  62      always 1, so that slot 0 is told from nobody
 *   bit  63      somebody waits: the releaser stands back for one back-off
 * </pre>
 */
public final class OwnerWord {
  public static final long FREE = 0;
  public static final long WAITER_BIT = 1L << 63;

  private static final long HELD_BIT = 1L << 62;
  private static final int SLOT_SHIFT = 32;
  private static final int SLOT_MASK = 0xFFFF;
  private static final long INCARNATION_MASK = (1L << SLOT_SHIFT) - 1;

  private OwnerWord() {}

  public static long of(int slot, long incarnation) {
    return HELD_BIT | (long) slot << SLOT_SHIFT | (incarnation & INCARNATION_MASK);
  }

  public static int slot(long word) {
    return (int) (word >>> SLOT_SHIFT) & SLOT_MASK;
  }

  public static long incarnation(long word) {
    return word & INCARNATION_MASK;
  }

  public static long withoutWaiter(long word) {
    return word & ~WAITER_BIT;
  }
}
