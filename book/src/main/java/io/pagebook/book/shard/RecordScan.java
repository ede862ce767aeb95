package io.pagebook.book.shard;

import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.RecordLayout;
import io.pagebook.book.layout.ShardLayout;

/**
 * Goes through all records of a shard that does not change meanwhile, by its index. Verifies each;
 * passes over damaged ones.
 */
public final class RecordScan {
  /** What is done with a record. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes the record in the buffer, to which {@code slot} points. */
    void visit(long slot);
  }

  private final StoreContext context;
  private final ShardIndex index;
  private final RecordView record;

  public RecordScan(StoreContext context, int shardIndex) {
    this.context = context;
    this.index = new ShardIndex(context, shardIndex);
    this.record = new RecordView(context);
  }

  /**
   * Reads each record into the buffer and calls {@code visitor}. Of an index that is not believed,
   * a slot may lead to the record of another key, which is the visitor's to find out.
   */
  public void forEach(RecordBuffer buffer, Visitor visitor) {
    long levelSplit = index.levelSplitAcquire();
    if (!ShardLayout.isSound(levelSplit)) {
      context.faults().damagedIndex(index.directoryRoot(0));
    }
    long buckets = Math.min(ShardIndex.MOST_BUCKETS, ShardIndex.buckets(levelSplit));
    for (long number = 0; number < buckets; number++) {
      long bucket = index.bucketAt(number);
      for (int hops = 0;
          bucket != 0 && bucket != ShardIndex.NOWHERE && hops < ShardIndex.LONGEST_CHAIN;
          hops++) {
        long together = BucketLayout.EMPTY;
        for (int i = 0; i < BucketLayout.SLOTS; i++) {
          long slot = index.slotAcquire(bucket, i);
          together ^= slot;
          if (slot != BucketLayout.EMPTY && read(BucketLayout.position(slot), buffer)) {
            visitor.visit(slot);
          }
        }
        long meta = index.metaAcquire(bucket);
        if (!BucketLayout.isSound(number, meta, together)) {
          context.faults().damagedIndex(bucket);
        }
        bucket = index.next(meta);
      }
    }
  }

  private boolean read(long at, RecordBuffer buffer) {
    if (!record.load(at)
        || record.isDead()
        || !record.valueFits()
        // the page count may be damaged as well
        || record.valueBytes() > context.memory().mappedLength()) {
      context.faults().damagedRecord(at, "header");
      return false;
    }
    if (!record.copyTo(buffer)) {
      context.faults().damagedRecord(at, "checksum");
      return false;
    }
    buffer.setFound(RecordLayout.type(record.head()), record.expiryMillis(), record.stamp());
    return true;
  }
}
