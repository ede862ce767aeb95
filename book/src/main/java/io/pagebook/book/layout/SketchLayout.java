package io.pagebook.book.layout;

/**
 * The frequency sketch of a shard: a table of words, each of sixteen 4-bit counters, in blocks of
 * eight words. A key has four counters, all in one block; {@link #mix} of its hash chooses them.
 *
 * <pre>
 *   mixed hash  low bits         block: modulo the number of blocks
 *               bits 32+8i..     byte i of four, for counter i:
 *                 bit  0           word 2i or 2i + 1 of the block
 *                 bits 1..4        which of the word's counters
 *                 bits 5..7        unused
 *   word        bits 4c..4c+3    counter c
 * </pre>
 */
public final class SketchLayout {
  public static final int BLOCK_BYTES = 64;

  /** Counters of a key. */
  public static final int COUNTERS = 4;

  public static final int COUNTER_BITS = 4;
  public static final int COUNTERS_PER_WORD = Long.SIZE / COUNTER_BITS;

  /** The largest count; a counter that has it stays there until it is halved. */
  public static final int MOST_COUNT = (1 << COUNTER_BITS) - 1;

  /** Counters are halved after so many additions a record. */
  public static final int SAMPLE_FACTOR = 10;

  /** Counters are not halved after fewer additions. */
  public static final int LEAST_SAMPLE = 160;

  /** All counters at once, without the bit that halving moves into its neighbour. */
  private static final long HALVED_MASK = 0x7777777777777777L;

  /** 2^64 divided by the golden ratio: spreads few bits over many. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private static final int SPREAD_SHIFT = 29;

  /** The first of the two factors of SplitMix64. */
  private static final long STIR = 0xBF58476D1CE4E5B9L;

  private static final int STIR_SHIFT = 32;
  private static final int CHOICES_SHIFT = 32;

  private SketchLayout() {}

  /** Its low half chooses the block, its high half, eight bits each, the counters in it. */
  public static long mix(long hash) {
    long x = hash * SPREAD;
    x = (x ^ (x >>> SPREAD_SHIFT)) * STIR;
    return x ^ (x >>> STIR_SHIFT);
  }

  /** Where a key's block is in a table of so many bytes, a power of two. */
  public static long blockOffset(long mixed, long tableBytes) {
    return (mixed & (tableBytes / BLOCK_BYTES - 1)) * BLOCK_BYTES;
  }

  /** Where the word with counter {@code i} of a key is in the block. */
  public static int wordOffset(long mixed, int i) {
    return (2 * i + (choice(mixed, i) & 1)) * Long.BYTES;
  }

  /** The lowest bit of counter {@code i} of a key in its word. */
  public static int shift(long mixed, int i) {
    return ((choice(mixed, i) >>> 1) & (COUNTERS_PER_WORD - 1)) * COUNTER_BITS;
  }

  private static int choice(long mixed, int i) {
    return (int) (mixed >>> (CHOICES_SHIFT + i * Byte.SIZE));
  }

  /** The counter at a shift. */
  public static int count(long word, int shift) {
    return (int) (word >>> shift) & MOST_COUNT;
  }

  /** The word with the counter at a shift, which is not {@link #MOST_COUNT}, one higher. */
  public static long withOneMore(long word, int shift) {
    return word + (1L << shift);
  }

  /** The word with all its counters halved, rounded down. */
  public static long halved(long word) {
    return (word >>> 1) & HALVED_MASK;
  }

  /** After how many additions all counters of a shard with so many records are halved. */
  public static long sample(long records) {
    return Math.max(LEAST_SAMPLE, SAMPLE_FACTOR * records);
  }
}
