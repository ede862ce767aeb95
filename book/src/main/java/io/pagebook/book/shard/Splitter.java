package io.pagebook.book.shard;

import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.memory.Words;
import java.util.Arrays;

/**
 * Grows the index of a shard by one bucket at a time, by splitting the bucket that the split
 * pointer shows. Under the shard's lock.
 */
final class Splitter {
  /** Records per first bucket above which a bucket is split: 7 slots, some chains longer. */
  private static final long FILL = 5;

  private static final int MAX_LEVEL = BucketLayout.FIRST_LEVEL + 24;

  /** What a step came to. */
  enum Step {
    DONE,
    NOT_DUE,
    NEEDS_INDEX
  }

  private final PageMemory memory;
  private final Words header;
  private final long shard;
  private final ShardIndex index;
  private final IndexSpace space;
  private final Journal journal;
  private final Faults faults;

  private long[] chain = new long[8];
  private long[] stay = new long[64];
  private long[] move = new long[64];

  Splitter(
      StoreContext context, int shardIndex, ShardIndex index, IndexSpace space, Journal journal) {
    this.memory = context.memory();
    this.header = context.header(shardIndex);
    this.shard = context.geometry().shard(shardIndex);
    this.index = index;
    this.space = space;
    this.journal = journal;
    this.faults = context.faults();
  }

  boolean isDue() {
    return header.getLongAcquire(ShardLayout.RECORDS_OFFSET)
        > ShardIndex.buckets(index.levelSplitAcquire()) * FILL;
  }

  Step step() {
    if (!isDue()) {
      return Step.NOT_DUE;
    }
    long levelSplit = index.levelSplitAcquire();
    if (!ShardLayout.isSound(levelSplit)) {
      throw index.damaged("the level");
    }
    int level = ShardLayout.level(levelSplit);
    long split = ShardLayout.split(levelSplit);
    if (level >= MAX_LEVEL) {
      return Step.NOT_DUE;
    }
    long target = (1L << level) + split;
    Step chunk = ensureChunk(target / BucketLayout.CHUNK_BUCKETS);
    return chunk == Step.DONE ? split(split, target, level) : chunk;
  }

  private Step ensureChunk(long chunk) {
    long part = ShardIndex.directoryPart(chunk);
    if (part >= ShardLayout.DIRECTORY_CHUNKS) {
      return Step.NOT_DUE; // the index is as large as it gets: from here on chains grow
    }
    if (memory.getLongPlain(index.directoryRoot(part)) == 0) {
      journal.begin();
      long directory = space.takeChunk(journal);
      if (directory == 0) {
        return Step.NEEDS_INDEX;
      }
      if (part == 0) {
        memory.putLongPlain(directory, shard + ShardLayout.FIRST_CHUNK_OFFSET);
      }
      journal.set(index.directoryRoot(part), directory);
      journal.commit();
    }
    long entry = index.directoryEntry(chunk);
    if (entry == ShardIndex.NOWHERE) {
      throw index.damaged("a directory chunk");
    }
    if (memory.getLongPlain(entry) == 0) {
      journal.begin();
      long position = space.takeChunk(journal);
      if (position == 0) {
        return Step.NEEDS_INDEX;
      }
      journal.set(entry, position);
      journal.commit();
    }
    return Step.DONE;
  }

  private Step split(long from, long to, int level) {
    int stays = 0;
    int moves = 0;
    int buckets = 0;
    long unsound = 0;
    long source = index.bucketAt(from);
    long target = index.bucketAt(to);
    if (source == ShardIndex.NOWHERE || target == ShardIndex.NOWHERE) {
      throw index.damaged("a bucket");
    }
    for (long bucket = source; bucket != 0; bucket = index.nextAcquire(bucket)) {
      if (bucket == ShardIndex.NOWHERE || buckets == ShardIndex.LONGEST_CHAIN) {
        throw index.damaged("an overflow bucket");
      }
      if (buckets == chain.length) {
        chain = Arrays.copyOf(chain, 2 * buckets);
        stay = Arrays.copyOf(stay, 2 * stay.length);
        move = Arrays.copyOf(move, 2 * move.length);
      }
      chain[buckets++] = bucket;
      long together = BucketLayout.EMPTY;
      for (int i = 0; i < BucketLayout.SLOTS; i++) {
        long slot = memory.getLongPlain(ShardIndex.slotPosition(bucket, i));
        together ^= slot;
        if (slot == BucketLayout.EMPTY) {
          continue;
        }
        if (BucketLayout.splitBit(slot, level)) {
          move[moves++] = slot;
        } else {
          stay[stays++] = slot;
        }
      }
      if (!BucketLayout.isSound(from, index.metaAcquire(bucket), together)) {
        unsound = bucket;
      }
    }
    int stayOverflow = overflow(stays);
    int moveOverflow = overflow(moves);
    journal.begin();
    if (!journal.hasRoomFor((buckets + 2) * (BucketLayout.SLOTS + 1) + 8)) {
      return Step.NOT_DUE; // a chain this long is a freak of the hash: it waits until it is shorter
    }
    if (unsound != 0) {
      faults.damagedIndex(unsound); // its check begins anew: nobody sees it afterwards
    }
    long relocations = index.relocationsAcquire();
    // Readers that start from here on wait; those who started before see the count change.
    header.putLongRelease(ShardLayout.RELOCATIONS_OFFSET, relocations + 1);
    PageMemory.releaseFence();
    // The overflow buckets of the old chain suffice for both: first those of the part that stays.
    image(to, target, 1 + stayOverflow, moveOverflow, move, moves);
    long next = from + 1;
    journal.set(
        shard + ShardLayout.LEVEL_SPLIT_OFFSET,
        next == 1L << level
            ? ShardLayout.levelSplit(level + 1, 0)
            : ShardLayout.levelSplit(level, next));
    image(from, source, 1, stayOverflow, stay, stays);
    space.giveBackOverflow(journal, chain, 1 + stayOverflow + moveOverflow, buckets);
    journal.set(shard + ShardLayout.RELOCATIONS_OFFSET, relocations + 2);
    journal.commit();
    return Step.DONE;
  }

  private static int overflow(int slots) {
    return slots <= BucketLayout.SLOTS
        ? 0
        : (slots - 1) / BucketLayout.SLOTS; // buckets beyond the first
  }

  /**
   * Lists what the chain of a number shall hold: the first bucket, then {@code more} of the old
   * chain's from {@code at} on.
   */
  private void image(long number, long first, int at, int more, long[] slots, int count) {
    long bucket = first;
    for (int b = 0; b <= more; b++) {
      long together = BucketLayout.EMPTY;
      for (int i = 0; i < BucketLayout.SLOTS; i++) {
        int n = b * BucketLayout.SLOTS + i;
        long slot = n < count ? slots[n] : BucketLayout.EMPTY;
        together ^= slot;
        set(ShardIndex.slotPosition(bucket, i), slot);
      }
      long next = b < more ? chain[at + b] : 0;
      set(bucket + BucketLayout.META_OFFSET, BucketLayout.meta(number, next, together));
      bucket = next;
    }
  }

  private void set(long position, long value) {
    if (memory.getLongPlain(position) != value) {
      journal.set(position, value);
    }
  }
}
