package io.pagebook.book.shard;

import io.pagebook.book.BookException;
import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.memory.Words;
import java.util.Arrays;

/**
 * Finds the buckets of a shard's index. Linear hashing: bucket {@code n} is in chunk {@code n /
 * 64}, and chunks never move, so their positions are kept on the heap. Thread-safe.
 *
 * @see <a href="https://dl.acm.org/doi/10.5555/1286887.1286911">W. Litwin, Linear Hashing, VLDB
 *     1980</a>
 */
final class ShardIndex {
  /**
   * A position that is not there: the caller's view of the index was torn, or the file is damaged.
   */
  static final long NOWHERE = -1;

  private static final int CHUNK_SHIFT = 6;
  private static final long MOST_CHUNKS =
      (long) ShardLayout.DIRECTORY_CHUNKS * BucketLayout.DIRECTORY_CHUNK_ENTRIES;
  static final long MOST_BUCKETS = MOST_CHUNKS << CHUNK_SHIFT;
  private static final int CHUNK_MASK = BucketLayout.CHUNK_BUCKETS - 1;

  /** More overflow buckets than any chain of a sound index has. */
  static final int LONGEST_CHAIN = 4096;

  private final PageMemory memory;
  private final Words header;
  private final long shard;
  private volatile long[] chunks;

  ShardIndex(StoreContext context, int shardIndex) {
    this.memory = context.memory();
    this.header = context.header(shardIndex);
    this.shard = header.position();
    this.chunks = new long[] {shard + ShardLayout.FIRST_CHUNK_OFFSET};
  }

  long levelSplitAcquire() {
    return header.getLongAcquire(ShardLayout.LEVEL_SPLIT_OFFSET);
  }

  static long buckets(long levelSplit) {
    return (1L << ShardLayout.level(levelSplit)) + ShardLayout.split(levelSplit);
  }

  /** The position of the first bucket of a hash's chain, or {@link #NOWHERE}. */
  long bucketOf(long hash, long levelSplit) {
    return bucketAt(numberOf(hash, levelSplit));
  }

  /** The number of the first bucket of a hash's chain. */
  static long numberOf(long hash, long levelSplit) {
    return BucketLayout.bucket(hash, ShardLayout.level(levelSplit), ShardLayout.split(levelSplit));
  }

  long bucketAt(long bucket) {
    long[] known = chunks;
    long chunk = bucket >>> CHUNK_SHIFT;
    if (chunk >= known.length) {
      if (chunk >= MOST_CHUNKS) {
        return NOWHERE;
      }
      known = learn(chunk);
      if (chunk >= known.length) {
        return NOWHERE;
      }
    }
    return known[(int) chunk] + (bucket & CHUNK_MASK) * BucketLayout.BUCKET_BYTES;
  }

  /** The directory entry of a chunk, or {@link #NOWHERE} where its directory chunk is missing. */
  long directoryEntry(long chunk) {
    long part = chunk / BucketLayout.DIRECTORY_CHUNK_ENTRIES;
    if (part >= ShardLayout.DIRECTORY_CHUNKS) {
      return NOWHERE;
    }
    long directory = memory.getLongAcquire(directoryRoot(part));
    if (directory <= 0
        || (directory & (Long.BYTES - 1)) != 0
        || !memory.ensureCovers(directory, BucketLayout.CHUNK_BYTES)) {
      return NOWHERE;
    }
    return directory + chunk % BucketLayout.DIRECTORY_CHUNK_ENTRIES * Long.BYTES;
  }

  /** The word that points to the directory chunk with the given number. */
  long directoryRoot(long part) {
    return shard + ShardLayout.DIRECTORY_OFFSET + part * Long.BYTES;
  }

  /** Where in the directory a chunk's part is. */
  static long directoryPart(long chunk) {
    return chunk / BucketLayout.DIRECTORY_CHUNK_ENTRIES;
  }

  private synchronized long[] learn(long chunk) {
    long[] known = chunks;
    int count = known.length;
    long[] more = known;
    while (count <= chunk) {
      long entry = directoryEntry(count);
      long position = entry == NOWHERE ? 0 : memory.getLongAcquire(entry);
      if (position <= 0
          || (position & (BucketLayout.BUCKET_BYTES - 1)) != 0
          || !memory.ensureCovers(position, BucketLayout.CHUNK_BYTES)) {
        break;
      }
      if (count == more.length) {
        more = Arrays.copyOf(more, 2 * count); // not at once: the level may be damaged
      }
      more[count++] = position;
    }
    chunks = count == more.length ? more : Arrays.copyOf(more, count);
    return chunks;
  }

  long slotAcquire(long bucket, int slot) {
    return memory.getLongAcquire(slotPosition(bucket, slot));
  }

  static long slotPosition(long bucket, int slot) {
    return bucket + BucketLayout.FIRST_SLOT_OFFSET + (long) slot * Long.BYTES;
  }

  long metaAcquire(long bucket) {
    return memory.getLongAcquire(bucket + BucketLayout.META_OFFSET);
  }

  /** The next bucket of a chain, 0 at its end, or {@link #NOWHERE}. */
  long nextAcquire(long bucket) {
    return next(metaAcquire(bucket));
  }

  /** As {@link #nextAcquire}, of a meta word. */
  long next(long meta) {
    long next = BucketLayout.next(meta);
    if (next == 0) {
      return 0;
    }
    return (next & BucketLayout.BUCKET_BYTES - 1) == 0
            && memory.ensureCovers(next, BucketLayout.BUCKET_BYTES)
        ? next
        : NOWHERE;
  }

  long relocationsAcquire() {
    return header.getLongAcquire(ShardLayout.RELOCATIONS_OFFSET);
  }

  BookException damaged(String what) {
    return new BookException.Corrupt(
        "the index points nowhere: what="
            + what
            + ", shardAt="
            + shard
            + ", file="
            + memory.path()
            + "; destroy the book or restore a copy");
  }
}
