package io.pagebook.book.shard;

import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.memory.PageMemory;

/**
 * The saturating access counts of slots, in the meta words of their buckets; in books that evict.
 * Hints: a count that a writer of the word overtook is lost. Thread-safe.
 */
final class AccessCounters {
  private static final long BUCKET_MASK = BucketLayout.BUCKET_BYTES - 1L;

  private final PageMemory memory;

  AccessCounters(PageMemory memory) {
    this.memory = memory;
  }

  int get(long slotPosition) {
    return BucketLayout.accesses(
        memory.getLongAcquire(BucketLayout.metaOfSlot(slotPosition)), slot(slotPosition));
  }

  /**
   * Counts an access, if the count is not at its limit: a store only then. One attempt: the word
   * also holds the chain, so it is compared as a whole, and whoever wins has counted or done worse.
   */
  void raise(long slotPosition) {
    long meta = memory.getLongAcquire(BucketLayout.metaOfSlot(slotPosition));
    int count = BucketLayout.accesses(meta, slot(slotPosition));
    if (count < BucketLayout.MOST_ACCESSES) {
      memory.compareAndSetLong(
          BucketLayout.metaOfSlot(slotPosition),
          meta,
          BucketLayout.withAccesses(meta, slot(slotPosition), count + 1));
    }
  }

  /** Under the shard's lock. */
  void set(long slotPosition, int count) {
    long meta;
    long changed;
    do {
      meta = memory.getLongAcquire(BucketLayout.metaOfSlot(slotPosition));
      changed = BucketLayout.withAccesses(meta, slot(slotPosition), count);
    } while (meta != changed
        && !memory.compareAndSetLong(BucketLayout.metaOfSlot(slotPosition), meta, changed));
  }

  private static int slot(long slotPosition) {
    return (int) (((slotPosition & BUCKET_MASK) - BucketLayout.FIRST_SLOT_OFFSET) / Long.BYTES);
  }
}
