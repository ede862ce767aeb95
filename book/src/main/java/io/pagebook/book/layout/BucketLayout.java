package io.pagebook.book.layout;

/**
 * One bucket of the index: a cache line of a meta word and seven slots. A slot is one word, so that
 * publishing, replacing and removing a record are each one store. 0 is an empty slot.
 *
 * <pre>
 *   meta  bits  0..39  position / 8 of the next overflow bucket, 0: none
 *         bits 40..53  seven 2-bit access counters
 *   slot  bits  0..39  position / 8 of the record
 *         bits 40..63  tag, bits 6..29 of the key's hash
 * </pre>
 */
public final class BucketLayout {
  public static final int BUCKET_BYTES = 64;
  public static final int SLOTS = 7;
  public static final int META_OFFSET = 0;
  public static final int FIRST_SLOT_OFFSET = 8;
  public static final long EMPTY = 0;

  /** Buckets come in chunks of 4 KiB. */
  public static final int CHUNK_BYTES = 4096;

  public static final int CHUNK_BUCKETS = CHUNK_BYTES / BUCKET_BYTES;
  public static final int DIRECTORY_CHUNK_ENTRIES = CHUNK_BYTES / Long.BYTES;

  /** The level of an index that has only its first chunk. */
  public static final int FIRST_LEVEL = 6;

  private static final int POSITION_SHIFT = 3;
  private static final long POSITION_MASK = (1L << 40) - 1;
  private static final int TAG_SHIFT = 40;
  private static final int TAG_MASK = 0xFFFFFF;

  /** The largest access count. */
  public static final int MOST_ACCESSES = 3;

  private static final int COUNTERS_SHIFT = 40;
  private static final int COUNTER_BITS = 2;

  private BucketLayout() {}

  public static long slot(long tag, long position) {
    return (tag << TAG_SHIFT) | (position >>> POSITION_SHIFT);
  }

  public static long tag(long slot) {
    return slot >>> TAG_SHIFT;
  }

  public static long tagOfHash(long hash) {
    return (hash >>> FIRST_LEVEL) & TAG_MASK;
  }

  /**
   * The bit of the hash that tells where the record of a slot goes when a bucket of this level is
   * split.
   */
  public static boolean splitBit(long slot, int level) {
    return ((slot >>> (TAG_SHIFT + level - FIRST_LEVEL)) & 1) != 0;
  }

  public static long position(long slot) {
    return (slot & POSITION_MASK) << POSITION_SHIFT;
  }

  public static long next(long meta) {
    return (meta & POSITION_MASK) << POSITION_SHIFT;
  }

  public static long withNext(long meta, long position) {
    return (meta & ~POSITION_MASK) | (position >>> POSITION_SHIFT);
  }

  /** The access count of a slot. */
  public static int accesses(long meta, int slot) {
    return (int) (meta >>> (COUNTERS_SHIFT + slot * COUNTER_BITS)) & MOST_ACCESSES;
  }

  public static long withAccesses(long meta, int slot, int count) {
    int shift = COUNTERS_SHIFT + slot * COUNTER_BITS;
    return (meta & ~((long) MOST_ACCESSES << shift)) | (long) count << shift;
  }

  /** The bucket of a hash in an index with this level and split pointer (linear hashing). */
  public static long bucket(long hash, int level, long split) {
    long bucket = hash & ((1L << level) - 1);
    return bucket < split ? hash & ((2L << level) - 1) : bucket;
  }
}
