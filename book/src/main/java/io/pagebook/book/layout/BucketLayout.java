package io.pagebook.book.layout;

/**
 * One bucket of the index: a cache line of a meta word and seven slots. A slot is one word, so that
 * publishing, replacing and removing a record are each one store. 0 is an empty slot.
 *
 * <pre>
 *   meta  bits  0..39  position / 8 of the next overflow bucket, 0: none
 *         bits 40..53  seven 2-bit access counters
 *         bits 54..63  check: the chain's bucket number plus one, bits 0..39, and the slots, folded
 *   slot  bits  0..39  position / 8 of the record
 *         bits 40..63  tag, bits 6..29 of the key's hash
 * </pre>
 *
 * Folding is the exclusive or of a word's groups of ten bits, from bit 0 on. The check tells a
 * bucket whose slots or link were damaged, or that is another chain's: any damage to one byte, and
 * all but one in 1,024 of others.
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
  private static final int CHECK_SHIFT = 54;
  private static final int CHECK_BITS = Long.SIZE - CHECK_SHIFT;
  private static final int CHECK_MASK = (1 << CHECK_BITS) - 1;

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

  /** 1 for a slot with this tag, else 0; without a branch, which would be guessed wrong. */
  public static long hasTag(long slot, long tag) {
    long differing = tag(slot) ^ tag; // 0 to 2^24 - 1
    return (differing - 1) >>> (Long.SIZE - 1);
  }

  public static long position(long slot) {
    return (slot & POSITION_MASK) << POSITION_SHIFT;
  }

  public static long next(long meta) {
    return (meta & POSITION_MASK) << POSITION_SHIFT;
  }

  /** Another next bucket, and the check that goes with it. */
  public static long withNext(long meta, long position) {
    long changed = (meta & POSITION_MASK) ^ link(position);
    return meta ^ changed ^ fold(changed) << CHECK_SHIFT;
  }

  /** The meta word when a slot of its bucket has changed. */
  public static long withSlot(long meta, long oldSlot, long newSlot) {
    return meta ^ fold(oldSlot ^ newSlot) << CHECK_SHIFT;
  }

  /**
   * The meta word of a bucket without accesses.
   *
   * @param number of the chain's first bucket
   * @param next position of the next bucket of the chain, 0: none
   * @param slots the exclusive or of its slots
   */
  public static long meta(long number, long next, long slots) {
    return withNext(fold((number + 1) ^ slots) << CHECK_SHIFT, next);
  }

  /** The meta word of a bucket in the list of free ones, of which all other bits mean nothing. */
  public static long link(long position) {
    return position >>> POSITION_SHIFT;
  }

  /** Whether a bucket's check fits what is in it; parameters as of {@link #meta}. */
  public static boolean isSound(long number, long meta, long slots) {
    return meta >>> CHECK_SHIFT == fold((number + 1) ^ (meta & POSITION_MASK) ^ slots);
  }

  /** The groups of ten bits of a word, each with each: seven of them, the last of four bits. */
  private static long fold(long word) {
    long folded = word ^ (word >>> (4 * CHECK_BITS));
    folded ^= folded >>> (2 * CHECK_BITS);
    return (folded ^ folded >>> CHECK_BITS) & CHECK_MASK;
  }

  /** The position of the meta word of the bucket that a slot is in. */
  public static long metaOfSlot(long slotPosition) {
    return (slotPosition & -BUCKET_BYTES) + META_OFFSET;
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
    long isSplit = (bucket - split) >>> (Long.SIZE - 1); // no branch: it would be guessed wrong
    return bucket | (hash & (isSplit << level));
  }
}
