package io.pagebook.book.shard;

import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import java.nio.ByteBuffer;

/**
 * Finds a key's slot for a writer, and remembers what it met on the way. Guarded by the shard's
 * lock.
 */
final class SlotFinder {
  private final StoreContext context;
  private final PageMemory memory;
  private final ShardIndex index;
  private final RecordView record;
  private long number;
  private long slotPosition;
  private long emptyPosition;
  private long lastBucket;
  private boolean found;

  SlotFinder(StoreContext context, ShardIndex index) {
    this.context = context;
    this.memory = context.memory();
    this.index = index;
    this.record = new RecordView(context);
  }

  /** Finds a key; that it is not there is counted as damage if its chain is damaged. */
  boolean find(RecordBuffer buffer, long hash) {
    found = false;
    emptyPosition = 0;
    long tag = BucketLayout.tagOfHash(hash);
    int hops = 0;
    long unsound = 0;
    for (long bucket = first(hash); bucket != 0; bucket = next(bucket, hops++)) {
      lastBucket = bucket;
      ByteBuffer slots = memory.windowOf(bucket, BucketLayout.BUCKET_BYTES);
      if (slots == null) {
        throw index.damaged("a bucket");
      }
      int firstSlot = PageMemory.offsetInWindow(bucket) + BucketLayout.FIRST_SLOT_OFFSET;
      long together = BucketLayout.EMPTY;
      for (int i = 0; i < BucketLayout.SLOTS; i++) {
        long position = ShardIndex.slotPosition(bucket, i);
        long slot = PageMemory.getLongPlain(slots, firstSlot + i * Long.BYTES);
        together ^= slot;
        if (slot == BucketLayout.EMPTY) {
          emptyPosition = emptyPosition == 0 ? position : emptyPosition;
        } else if (BucketLayout.tag(slot) == tag) {
          if (!record.load(BucketLayout.position(slot))) {
            context.faults().damagedRecord(BucketLayout.position(slot), "lengths");
          } else if (record.hasKeyOf(buffer)) {
            slotPosition = position;
            found = true;
            return true;
          }
        }
      }
      if (!BucketLayout.isSound(number, index.metaAcquire(bucket), together)) {
        unsound = bucket;
      }
    }
    if (unsound != 0) {
      context.faults().damagedIndex(unsound);
    }
    return false;
  }

  /** Finds the slot that points to a position; false if none of the hash's chain does. */
  boolean findPosition(long at, long hash) {
    found = false;
    long wanted = BucketLayout.slot(BucketLayout.tagOfHash(hash), at);
    int hops = 0;
    for (long bucket = first(hash); bucket != 0; bucket = next(bucket, hops++)) {
      for (int i = 0; i < BucketLayout.SLOTS; i++) {
        if (memory.getLongPlain(ShardIndex.slotPosition(bucket, i)) == wanted) {
          slotPosition = ShardIndex.slotPosition(bucket, i);
          found = true;
          return true;
        }
      }
    }
    return false;
  }

  private long first(long hash) {
    long levelSplit = index.levelSplitAcquire();
    number = ShardIndex.numberOf(hash, levelSplit);
    long bucket = index.bucketAt(number);
    if (bucket == ShardIndex.NOWHERE || !ShardLayout.isSound(levelSplit)) {
      throw index.damaged("a bucket");
    }
    return bucket;
  }

  private long next(long bucket, int hops) {
    long next = index.nextAcquire(bucket);
    if (next == ShardIndex.NOWHERE || hops == ShardIndex.LONGEST_CHAIN) {
      throw index.damaged("an overflow bucket");
    }
    return next;
  }

  /** The record that {@link #find} found. */
  RecordView record() {
    return record;
  }

  /** The slot that was found, or published. */
  long slotPosition() {
    return slotPosition;
  }

  /** Bytes of the extents of the record that was found, if its value is large. */
  long largeBytes() {
    return found ? record.largeBytes() : 0;
  }

  /**
   * Lists the store of a slot: over the found one, into an empty one, or into a new overflow
   * bucket; false if that needs pages first.
   */
  boolean publish(Journal journal, IndexSpace indexSpace, long slot) {
    if (found || emptyPosition != 0) {
      slotPosition = found ? slotPosition : emptyPosition;
      journal.setSlot(slotPosition, slot);
      return true;
    }
    long bucket = indexSpace.takeOverflowBucket(journal);
    if (bucket == 0) {
      return false;
    }
    slotPosition = ShardIndex.slotPosition(bucket, 0);
    for (int i = 0; i < BucketLayout.SLOTS; i++) {
      journal.set(ShardIndex.slotPosition(bucket, i), i == 0 ? slot : BucketLayout.EMPTY);
    }
    journal.set(bucket + BucketLayout.META_OFFSET, BucketLayout.meta(number, 0, slot));
    journal.set(
        lastBucket + BucketLayout.META_OFFSET,
        BucketLayout.withNext(memory.getLongPlain(lastBucket + BucketLayout.META_OFFSET), bucket));
    return true;
  }
}
