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
  private final StoreContext context;
  private final ShardIndex index;
  private final RecordView record;

  public RecordScan(StoreContext context, int shardIndex) {
    this.context = context;
    this.index = new ShardIndex(context, shardIndex);
    this.record = new RecordView(context);
  }

  /** Reads each record into the buffer and runs {@code visit}. */
  public void forEach(RecordBuffer buffer, Runnable visit) {
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
            visit.run();
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
    if (!record.load(at) || record.isDead() || !record.valueFits()) {
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
