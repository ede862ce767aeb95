package io.pagebook.book.shard;

import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.memory.Words;

/**
 * The storage of a shard's index: chunks cut from index extents, and overflow buckets cut from
 * chunks. Index storage stays index storage for the life of the file, so that a reader with an old
 * bucket sees slots and nothing else. Under the shard's lock.
 */
final class IndexSpace {
  private final PageMemory memory;
  private final Words header;
  private final StoreContext context;
  private final int shardIndex;
  private final long shard;

  IndexSpace(StoreContext context, int shardIndex) {
    this.context = context;
    this.memory = context.memory();
    this.header = context.header(shardIndex);
    this.shardIndex = shardIndex;
    this.shard = context.geometry().shard(shardIndex);
  }

  private long get(int offset) {
    return header.getLongPlain(offset);
  }

  /** Whether no chunk is left in the extent in use. */
  boolean isUsedUp() {
    return get(ShardLayout.INDEX_NEXT_OFFSET) == get(ShardLayout.INDEX_END_OFFSET);
  }

  /** Makes reserved pages, full of zeros, the extent in use. */
  void attach(Journal journal, long firstPage, int pages) {
    journal.begin();
    journal.set(
        context.geometry().mapWord(firstPage),
        PageMapWord.owned(PageMapWord.KIND_INDEX, pages, shardIndex));
    journal.set(shard + ShardLayout.INDEX_NEXT_OFFSET, context.geometry().position(firstPage));
    journal.set(
        shard + ShardLayout.INDEX_END_OFFSET, context.geometry().position(firstPage + pages));
    journal.commit();
  }

  /** Lists the taking of the next chunk; 0 if there is none. */
  long takeChunk(Journal journal) {
    if (isUsedUp()) {
      return 0;
    }
    long chunk = get(ShardLayout.INDEX_NEXT_OFFSET);
    journal.set(shard + ShardLayout.INDEX_NEXT_OFFSET, chunk + BucketLayout.CHUNK_BYTES);
    return chunk;
  }

  /** Lists the taking of an overflow bucket; 0 if there is none. */
  long takeOverflowBucket(Journal journal) {
    long bucket = get(ShardLayout.OVERFLOW_FREE_OFFSET);
    if (bucket != 0) {
      journal.set(
          shard + ShardLayout.OVERFLOW_FREE_OFFSET,
          BucketLayout.next(memory.getLongPlain(bucket + BucketLayout.META_OFFSET)));
    } else {
      bucket = get(ShardLayout.OVERFLOW_NEXT_OFFSET);
      if (bucket == get(ShardLayout.OVERFLOW_END_OFFSET)) {
        bucket = takeChunk(journal);
        if (bucket == 0) {
          return 0;
        }
        journal.set(shard + ShardLayout.OVERFLOW_END_OFFSET, bucket + BucketLayout.CHUNK_BYTES);
      }
      journal.set(shard + ShardLayout.OVERFLOW_NEXT_OFFSET, bucket + BucketLayout.BUCKET_BYTES);
    }
    journal.set(
        shard + ShardLayout.OVERFLOW_COUNT_OFFSET, get(ShardLayout.OVERFLOW_COUNT_OFFSET) + 1);
    return bucket;
  }

  /** Lists the return of the buckets from {@code from} to {@code to}, which are on no chain. */
  void giveBackOverflow(Journal journal, long[] buckets, int from, int to) {
    long free = get(ShardLayout.OVERFLOW_FREE_OFFSET);
    for (int i = from; i < to; i++) {
      for (int slot = 0; slot < BucketLayout.SLOTS; slot++) {
        long position = ShardIndex.slotPosition(buckets[i], slot);
        if (memory.getLongPlain(position) != BucketLayout.EMPTY) {
          journal.set(position, BucketLayout.EMPTY);
        }
      }
      journal.set(buckets[i] + BucketLayout.META_OFFSET, BucketLayout.link(free));
      free = buckets[i];
    }
    if (from < to) {
      journal.set(shard + ShardLayout.OVERFLOW_FREE_OFFSET, free);
      journal.set(
          shard + ShardLayout.OVERFLOW_COUNT_OFFSET,
          get(ShardLayout.OVERFLOW_COUNT_OFFSET) - (to - from));
    }
  }
}
