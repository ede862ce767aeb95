package io.pagebook.book.shard;

/**
 * Where this process saw records of a shard die, by size: room for the next record of just that
 * size, which then needs no cleaning. Hints only, on the heap: a place is checked before it is
 * used, see {@link RecordLog#reusable}, and what is forgotten the cleaner finds. Guarded by the
 * shard's lock.
 */
final class FreeSpace {
  private static final int SIZES = 512;
  private static final int SIZE_SHIFT = 3;
  private static final int PLACES_PER_SIZE = 256;
  private static final int WORDS_PER_PLACE = 2;

  /** Per size: position and stamp of the segments then, alternating. */
  private final long[][] places = new long[SIZES][];

  private final int[] counts = new int[SIZES];

  private long stamp;

  void push(long bytes, long position, long segmentsStamp) {
    long size = bytes >>> SIZE_SHIFT;
    if (size >= SIZES || counts[(int) size] == PLACES_PER_SIZE) {
      return;
    }
    int index = (int) size;
    long[] stack = places[index];
    int at = counts[index]++ * WORDS_PER_PLACE;
    if (stack == null || at == stack.length) {
      stack =
          stack == null ? new long[4 * WORDS_PER_PLACE] : java.util.Arrays.copyOf(stack, 2 * at);
      places[index] = stack;
    }
    stack[at] = position;
    stack[at + 1] = segmentsStamp;
  }

  /** A place of this size that was free when it was pushed, or 0. */
  long pop(long bytes) {
    long size = bytes >>> SIZE_SHIFT;
    if (size >= SIZES || counts[(int) size] == 0) {
      return 0;
    }
    int at = --counts[(int) size] * WORDS_PER_PLACE;
    long[] stack = places[(int) size];
    stamp = stack[at + 1];
    return stack[at];
  }

  /** The stamp of the segments when the place just popped was pushed. */
  long poppedStamp() {
    return stamp;
  }
}
