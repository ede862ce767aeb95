package io.pagebook.book.shard;

import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.RecordLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The usual case of a read, in few instructions: a short record that the first slot with its tag,
 * in one of the first two buckets, points to. Where it is not that, or anything looks odd, it says
 * so and the shard reads. One for all shards of a file: a book of many shards has more objects for
 * each than stay in the processor's nearest cache, and they would be loaded one after the other.
 */
/*
 * Slot, head, body, and behind an acquire fence the slot and the head again: the argument is ShardReader's. What differs is only how it
 * gets the bytes. A large store is bound by cache misses, and a record lies in two or three lines. So a fixed number of bytes is copied
 * from where the value should start: the addresses do not depend on the lengths, which are in the first line, and the processor asks for
 * all lines at once. More than the value is copied then, of the same window; it is never looked at.
 */
public final class QuickRead {
  /** Copied before the length is known. */
  private static final int FIRST_BYTES = 128;

  /** The header at its longest here, and a key. */
  private static final int HEADER_BYTES = RecordLayout.FIXED_BYTES + Long.BYTES;

  private final PageMemory memory;
  private final Geometry geometry;
  private final ShardIndex[] indexes;
  private final AccessCounters counters;
  private final boolean counting;
  private final boolean verifyChecksums;

  public QuickRead(StoreContext context, Shard[] shards) {
    this.memory = context.memory();
    this.geometry = context.geometry();
    this.indexes = Arrays.stream(shards).map(Shard::index).toArray(ShardIndex[]::new);
    this.counters = new AccessCounters(memory);
    this.counting = context.bounds().evicts();
    this.verifyChecksums = context.verifyChecksums();
  }

  /**
   * Whether the record was found in the shard of its hash; it stands in the buffer then, without
   * its value if that was not asked for. Else the buffer's value is lost.
   */
  public boolean read(int shard, RecordBuffer buffer, long hash, boolean withValue) {
    long tag = BucketLayout.tagOfHash(hash);
    long levelSplit = memory.getLongAcquire(geometry.shard(shard) + ShardLayout.LEVEL_SPLIT_OFFSET);
    long bucket = indexes[shard].bucketOf(hash, levelSplit);
    ByteBuffer slots = bucketWindow(bucket);
    if (slots == null) {
      return false;
    }
    int firstSlot = PageMemory.offsetInWindow(bucket) + BucketLayout.FIRST_SLOT_OFFSET;
    long matching = slotsWith(tag, slots, firstSlot);
    if (matching == 0) { // it may be in the chain's second bucket, as one in twelve is
      bucket = BucketLayout.next(PageMemory.getLongAcquire(slots, metaOf(firstSlot)));
      slots = bucket == 0 ? null : bucketWindow(bucket);
      if (slots == null) {
        return false;
      }
      firstSlot = PageMemory.offsetInWindow(bucket) + BucketLayout.FIRST_SLOT_OFFSET;
      matching = slotsWith(tag, slots, firstSlot);
      if (matching == 0) {
        return false;
      }
    }
    int slotAt = firstSlot + Long.numberOfTrailingZeros(matching) * Long.BYTES;
    long slot = PageMemory.getLongAcquire(slots, slotAt);
    long position = BucketLayout.position(slot);
    int keyBytes = buffer.keyLength();
    ByteBuffer records = memory.windowOf(position, HEADER_BYTES + keyBytes + FIRST_BYTES);
    byte[] value = buffer.value();
    if (records == null
        || slot == BucketLayout.EMPTY
        || value.length < FIRST_BYTES
        || keyBytes == 0) { // zeros would pass for its record
      return false;
    }
    int at = PageMemory.offsetInWindow(position);
    long head = PageMemory.getLongAcquire(records, at);
    long sizes = PageMemory.getLongPlain(records, at + RecordLayout.SIZES_OFFSET);
    int start = at + buffer.keyOffsetGuess() + keyBytes;
    if (withValue) {
      PageMemory.copyOut(records, start, value, 0, FIRST_BYTES);
    }
    int flags = RecordLayout.flags(head);
    int valueBytes = RecordLayout.shortValueBytes(sizes);
    int keyOffset = (int) RecordLayout.keyOffset(flags);
    if ((flags & ~(RecordLayout.EXPIRES | RecordLayout.ID_KEY)) != 0
        || keyBytes != RecordLayout.shortKeyBytes(sizes)
        || ((flags & RecordLayout.ID_KEY) != 0) != buffer.keyIsId()
        || (withValue && valueBytes > value.length)
        || at + keyOffset + keyBytes + valueBytes > records.capacity()
        || !RecordView.sameKey(records, at + keyOffset, buffer)) {
      return false;
    }
    if (withValue) {
      if (keyOffset != buffer.keyOffsetGuess()) {
        buffer.guessKeyOffset(keyOffset); // the next one will be like this one
        PageMemory.copyOut(records, at + keyOffset + keyBytes, value, 0, valueBytes);
      } else if (valueBytes > FIRST_BYTES) {
        PageMemory.copyOut(
            records, start + FIRST_BYTES, value, FIRST_BYTES, valueBytes - FIRST_BYTES);
      }
    }
    long expiry = RecordBuffer.NEVER;
    if ((flags & RecordLayout.EXPIRES) != 0) {
      long word = PageMemory.getLongAcquire(records, at + (int) RecordLayout.expiryOffset(flags));
      if (!RecordLayout.isExpirySound(word)) {
        return false;
      }
      expiry = RecordLayout.expiryMillis(word);
    }
    PageMemory.acquireFence();
    if (PageMemory.getLongAcquire(slots, slotAt) != slot
        || PageMemory.getLongAcquire(records, at) != head) {
      return false;
    }
    if (valueBytes != buffer.valueLength()) {
      buffer.setValueLength(valueBytes);
    }
    if (withValue) {
      if (verifyChecksums && !isSound(buffer, head, sizes)) {
        return false; // once may be a race lost
      }
      if (counting) {
        counters.raise(bucket + slotAt - PageMemory.offsetInWindow(bucket));
      }
    }
    buffer.setFound(RecordLayout.type(head), expiry, RecordLayout.stamp(head));
    return true;
  }

  private static boolean isSound(RecordBuffer buffer, long head, long sizes) {
    buffer.startChecksum();
    return buffer.finishChecksum(head) == RecordLayout.crc(sizes);
  }

  private @Nullable ByteBuffer bucketWindow(long bucket) {
    return bucket == ShardIndex.NOWHERE || (bucket & (BucketLayout.BUCKET_BYTES - 1)) != 0
        ? null
        : memory.windowOf(bucket, BucketLayout.BUCKET_BYTES);
  }

  private static int metaOf(int firstSlot) {
    return firstSlot - BucketLayout.FIRST_SLOT_OFFSET + BucketLayout.META_OFFSET;
  }

  /** One bit for each slot with a tag. */
  private static long slotsWith(long tag, ByteBuffer window, int firstSlot) {
    return bit(window, firstSlot, 0, tag)
        | bit(window, firstSlot, 1, tag)
        | bit(window, firstSlot, 2, tag)
        | bit(window, firstSlot, 3, tag)
        | bit(window, firstSlot, 4, tag)
        | bit(window, firstSlot, 5, tag)
        | bit(window, firstSlot, 6, tag);
  }

  private static long bit(ByteBuffer window, int firstSlot, int i, long tag) {
    long slot = PageMemory.getLongPlain(window, firstSlot + i * Long.BYTES);
    return BucketLayout.hasTag(slot, tag) << i;
  }
}
