package io.pagebook.book.shard;

import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.RecordLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;

/**
 * Reads records of one shard without a lock. Thread-safe; stores nothing but, in a book that
 * evicts, an access count in the index.
 */
/*
 * A record may be replaced, moved, or its space given to somebody else at any moment of a read. So a read takes the slot, then the record's
 * head word (which holds the stamp), then whatever it needs, and believes none of it before it has seen, behind an acquire fence, the
 * same slot and then the same head again. Why that suffices:
 *
 *  - Space is only overwritten after its slot was changed, with a release fence between. A reader that saw one
 *    overwritten byte therefore sees, behind its acquire fence, the changed slot.
 *  - If the slot holds the same word again, a record was published anew at the same position. Its head was stored before
 *    that, with a stamp that no earlier record there had. The head is read again after the slot,
 *    so it differs.
 *
 * A record that only moved keeps its stamp, and has the same bytes at both places.
 *
 * What looks as it cannot be proves nothing but under the lock. Above all a dead head, which has no stamp: a key that is replaced again and
 * again goes to and fro between two places, each of them dead in turn, so a reader may meet the dead head, then the slot of a later record at
 * the same place, then that record's dead head: all of it as before, and yet the key was there at every moment.
 *
 * A miss is believed only if each bucket's check fits what was seen in it, and the relocation count was even and unchanged around the search. Then the key was in no slot of its chain at
 * some moment of the search: a key in the index stays in its slot unless it is relocated, and replacing is one store. Where a slot had the key's tag
 * and its record turned out to be another key's, the miss is believed under the lock only, after that record was verified: it may be the key's own, damaged.
 */
final class ShardReader {
  /** Values up to this size are copied in one go; larger ones are re-validated piece by piece. */
  private static final int PIECE_BYTES = 1 << 16;

  /** An unlucky reader tries this often before it takes the shard's lock. */
  private static final int ATTEMPTS = 64;

  private static final long DAMAGED_EXPIRY = -1;

  /** What an attempt came to. */
  private enum Result {
    HIT,
    MISS,
    OTHER_KEY,
    /** A miss, but for a record with the key's tag that may be the key's, damaged. */
    DOUBTFUL_MISS,
    DAMAGED,
    /** Something moved meanwhile, or looks as it cannot be: try again. */
    CHANGED
  }

  private final StoreContext context;
  private final PageMemory memory;
  private final ShardIndex index;
  private final ShardLocker locker;
  private final AccessCounters counters;
  private final boolean counting;

  ShardReader(StoreContext context, ShardIndex index, ShardLocker locker, AccessCounters counters) {
    this.context = context;
    this.memory = context.memory();
    this.index = index;
    this.locker = locker;
    this.counters = counters;
    this.counting = context.bounds().evicts();
  }

  /**
   * Reads the record of the buffer's key; {@code withValue} false leaves the value but for its
   * length.
   */
  boolean read(RecordBuffer buffer, long hash, boolean withValue) {
    Result result = Result.CHANGED;
    for (int i = 0; i < ATTEMPTS && result == Result.CHANGED; i++) {
      result = attempt(buffer, hash, withValue);
      if (result == Result.HIT || result == Result.MISS) {
        return result == Result.HIT;
      }
      Thread.onSpinWait();
    }
    // A writer keeps changing this key, or stopped or died while slots moved or between a slot and
    // its check, or something is damaged, or another key has the same 24 bits of hash. With the
    // lock held nothing moves.
    PageMemory.throwLateError();
    locker.lock();
    try {
      result = attempt(buffer, hash, withValue);
      if (result == Result.CHANGED) {
        context.faults().damagedIndex(index.bucketOf(hash, index.levelSplitAcquire()));
      }
      return result == Result.HIT;
    } finally {
      locker.unlock();
    }
  }

  private Result attempt(RecordBuffer buffer, long hash, boolean withValue) {
    long relocations = index.relocationsAcquire();
    long levelSplit = index.levelSplitAcquire();
    long number = ShardIndex.numberOf(hash, levelSplit);
    long bucket = index.bucketAt(number);
    if (bucket == ShardIndex.NOWHERE) {
      return Result.CHANGED;
    }
    long tag = BucketLayout.tagOfHash(hash);
    boolean othersSeen = false;
    boolean sound = ShardLayout.isSound(levelSplit);
    for (int hops = 0; bucket != 0; hops++) {
      long together = BucketLayout.EMPTY;
      for (int i = 0; i < BucketLayout.SLOTS; i++) {
        long slot = index.slotAcquire(bucket, i);
        together ^= slot;
        if (BucketLayout.tag(slot) == tag && slot != BucketLayout.EMPTY) {
          Result result = record(ShardIndex.slotPosition(bucket, i), slot, buffer, withValue);
          if (result != Result.OTHER_KEY) {
            if (counting && withValue && result == Result.HIT) {
              counters.raise(ShardIndex.slotPosition(bucket, i));
            }
            return result == Result.DAMAGED ? Result.MISS : result;
          }
          othersSeen = true;
          if (locker.isHeldByCurrentThread()) {
            countIfDamaged(BucketLayout.position(slot));
          }
        }
      }
      long meta = index.metaAcquire(bucket);
      sound &= BucketLayout.isSound(number, meta, together);
      bucket = index.next(meta);
      if (bucket == ShardIndex.NOWHERE || hops == ShardIndex.LONGEST_CHAIN) {
        return Result.CHANGED;
      }
    }
    if (!sound) {
      return Result.CHANGED; // or damaged, if the lock is held
    }
    if (othersSeen && !locker.isHeldByCurrentThread()) {
      return Result.DOUBTFUL_MISS;
    }
    PageMemory.acquireFence();
    return (relocations & 1) == 0 && index.relocationsAcquire() == relocations
        ? Result.MISS
        : Result.CHANGED;
  }

  /** The key itself may be what is damaged, or the header that says where it lies. */
  private void countIfDamaged(long at) {
    RecordView record = new RecordView(context);
    if (context.verifyChecksums()
        && !(record.load(at) && record.valueFits() && record.copyTo(new RecordBuffer()))) {
      context.faults().damagedRecord(at, "checksum");
    }
  }

  private Result record(long slotPosition, long slot, RecordBuffer buffer, boolean withValue) {
    long at = BucketLayout.position(slot);
    if (!memory.ensureCovers(at, RecordLayout.FIXED_BYTES)) {
      return damagedOrChanged(at, "position outside the file");
    }
    long head = memory.getLongAcquire(at);
    long sizes = memory.getLongPlain(at + RecordLayout.SIZES_OFFSET);
    int flags = RecordLayout.flags(head);
    if ((flags & RecordLayout.DEAD) != 0 || head == 0) {
      return damagedOrChanged(at, "dead");
    }
    if ((flags & (RecordLayout.LARGE | RecordLayout.LONG_SIZES)) != 0) {
      return longRecord(slotPosition, slot, at, head, sizes, buffer, withValue);
    }
    int keyBytes = RecordLayout.shortKeyBytes(sizes);
    int valueBytes = RecordLayout.shortValueBytes(sizes);
    if (!memory.ensureCovers(at, RecordLayout.recordBytes(flags, keyBytes, valueBytes, 0))) {
      return damagedOrChanged(at, "length beyond the file");
    }
    long keyPosition = at + RecordLayout.keyOffset(flags);
    if (!isKeyOf(buffer, flags, keyBytes, keyPosition)) {
      return unchanged(slotPosition, slot, at, head) ? Result.OTHER_KEY : Result.CHANGED;
    }
    long expiry = expiryAcquire(at, flags);
    if (buffer.value().length < valueBytes && !unchanged(slotPosition, slot, at, head)) {
      return Result.CHANGED; // the length is not to be trusted with an allocation
    }
    byte[] value = buffer.startValue(valueBytes);
    if (withValue) {
      if (valueBytes <= PIECE_BYTES) {
        memory.copyOut(keyPosition + keyBytes, value, 0, valueBytes);
      } else if (!copyPieces(
          keyPosition + keyBytes, value, 0, valueBytes, slotPosition, slot, at, head)) {
        return Result.CHANGED;
      }
    }
    if (!unchanged(slotPosition, slot, at, head)) {
      return Result.CHANGED;
    }
    return found(buffer, at, head, sizes, expiry, withValue);
  }

  /** The record with lengths in a word of their own, and perhaps a value in extents. */
  private Result longRecord(
      long slotPosition,
      long slot,
      long at,
      long head,
      long sizes,
      RecordBuffer buffer,
      boolean withValue) {
    int flags = RecordLayout.flags(head);
    if ((flags & RecordLayout.LONG_SIZES) == 0
        || !memory.ensureCovers(at, RecordLayout.keyOffset(flags))) {
      return damagedOrChanged(at, "lengths");
    }
    long longSizes = memory.getLongPlain(at + RecordLayout.FIXED_BYTES);
    int keyBytes = RecordLayout.longKeyBytes(longSizes);
    int valueBytes = RecordLayout.longValueBytes(longSizes);
    boolean large = (flags & RecordLayout.LARGE) != 0;
    long extents = large ? memory.getLongPlain(at + RecordLayout.extentCountOffset(flags)) : 0;
    boolean sane = keyBytes >= 0 && valueBytes >= 0 && extents >= 0 && extents <= valueBytes;
    if (!sane
        || !memory.ensureCovers(
            at, RecordLayout.recordBytes(flags, keyBytes, valueBytes, extents))) {
      return damagedOrChanged(at, "lengths");
    }
    long keyPosition = at + RecordLayout.keyOffset(flags);
    if (!isKeyOf(buffer, flags, keyBytes, keyPosition)) {
      return unchanged(slotPosition, slot, at, head) ? Result.OTHER_KEY : Result.CHANGED;
    }
    long expiry = expiryAcquire(at, flags);
    if (!unchanged(slotPosition, slot, at, head)) {
      return Result.CHANGED;
    }
    if (large && !addsUp(at + RecordLayout.extentsOffset(flags, keyBytes), extents, valueBytes)) {
      return damagedOrChanged(at, "extents");
    }
    if (withValue) {
      byte[] value = buffer.startValue(valueBytes);
      boolean whole =
          large
              ? copyExtents(
                  at + RecordLayout.extentsOffset(flags, keyBytes),
                  (int) extents,
                  value,
                  valueBytes,
                  slotPosition,
                  slot,
                  at,
                  head)
              : copyPieces(
                  keyPosition + keyBytes, value, 0, valueBytes, slotPosition, slot, at, head);
      if (!whole || !unchanged(slotPosition, slot, at, head)) {
        return Result.CHANGED;
      }
    } else {
      buffer.setValueLength(valueBytes);
    }
    return found(buffer, at, head, sizes, expiry, withValue);
  }

  private long expiryAcquire(long at, int flags) {
    if ((flags & RecordLayout.EXPIRES) == 0) {
      return RecordBuffer.NEVER;
    }
    long word = memory.getLongAcquire(at + RecordLayout.expiryOffset(flags));
    return RecordLayout.isExpirySound(word) ? RecordLayout.expiryMillis(word) : DAMAGED_EXPIRY;
  }

  private boolean isKeyOf(RecordBuffer buffer, int flags, int keyBytes, long keyPosition) {
    return keyBytes == buffer.keyLength()
        && ((flags & RecordLayout.ID_KEY) != 0) == buffer.keyIsId()
        && RecordView.sameKey(memory, keyPosition, buffer);
  }

  private Result found(
      RecordBuffer buffer, long at, long head, long sizes, long expiry, boolean withValue) {
    if (expiry == DAMAGED_EXPIRY) {
      return damagedOrChanged(at, "expiry");
    }
    if (withValue && context.verifyChecksums()) {
      buffer.startChecksum();
      if (buffer.finishChecksum(head) != RecordLayout.crc(sizes)) {
        return damagedOrChanged(at, "checksum");
      }
    }
    buffer.setFound(RecordLayout.type(head), expiry, RecordLayout.stamp(head));
    return Result.HIT;
  }

  /** The slot first, then the head: see the argument above. */
  private boolean unchanged(long slotPosition, long slot, long at, long head) {
    PageMemory.acquireFence();
    return memory.getLongAcquire(slotPosition) == slot && memory.getLongAcquire(at) == head;
  }

  /** What cannot be: damage where nothing can have changed, under the lock; else no proof. */
  private Result damagedOrChanged(long at, String what) {
    if (!locker.isHeldByCurrentThread()) {
      return Result.CHANGED;
    }
    context.faults().damagedRecord(at, what);
    return Result.DAMAGED;
  }

  private boolean copyPieces(
      long from,
      byte[] target,
      int index,
      int length,
      long slotPosition,
      long slot,
      long at,
      long head) {
    for (int done = 0; done < length; done += PIECE_BYTES) {
      int piece = Math.min(PIECE_BYTES, length - done);
      memory.copyOut(from + done, target, index + done, piece);
      if (!unchanged(slotPosition, slot, at, head)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a list of extents lies in the file and holds just the value: it decides how much is
   * allocated.
   */
  private boolean addsUp(long list, long extents, int valueBytes) {
    long capacity = 0;
    for (int i = 0; i < extents; i++) {
      long extent = memory.getLongPlain(list + (long) i * Long.BYTES);
      long start = context.geometry().position(RecordLayout.extentFirstPage(extent));
      long length = context.geometry().position(RecordLayout.extentPages(extent));
      if (!memory.ensureCovers(start, length)) {
        return false;
      }
      capacity += length;
    }
    return capacity >= valueBytes;
  }

  private boolean copyExtents(
      long list,
      int extents,
      byte[] target,
      int valueBytes,
      long slotPosition,
      long slot,
      long at,
      long head) {
    int done = 0;
    for (int i = 0; i < extents && done < valueBytes; i++) {
      long extent = memory.getLongPlain(list + (long) i * Long.BYTES);
      long start = context.geometry().position(RecordLayout.extentFirstPage(extent));
      long room = context.geometry().position(RecordLayout.extentPages(extent));
      int length = (int) Math.min(valueBytes - done, room);
      if (!memory.ensureCovers(start, length)
          || !copyPieces(start, target, done, length, slotPosition, slot, at, head)) {
        return false;
      }
      done += length;
    }
    return done == valueBytes;
  }

  /**
   * Collects the keys of the bucket that holds the cursor, of which the reversed hash is not below
   * it.
   *
   * @return the cursor of the next bucket; 0 if this was the last one
   */
  long keysFrom(long cursor, KeySnapshot keys) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      keys.clear();
      long next = tryKeysFrom(cursor, keys, false);
      if (next != ShardIndex.NOWHERE) {
        return keys.nextCursor();
      }
      Thread.onSpinWait();
    }
    keys.clear();
    PageMemory.throwLateError();
    locker.lock();
    try {
      tryKeysFrom(cursor, keys, true);
      return keys.nextCursor();
    } finally {
      locker.unlock();
    }
  }

  private long tryKeysFrom(long cursor, KeySnapshot keys, boolean locked) {
    long relocations = index.relocationsAcquire();
    long levelSplit = index.levelSplitAcquire();
    boolean sound = ShardLayout.isSound(levelSplit);
    int level = ShardLayout.level(levelSplit);
    long split = ShardLayout.split(levelSplit);
    long number = BucketLayout.bucket(Long.reverse(cursor), level, split);
    int depth = number < split || number >= 1L << level ? level + 1 : level;
    keys.setNextCursor((cursor | (-1L >>> depth)) + 1);
    long bucket = index.bucketAt(number);
    if (bucket == ShardIndex.NOWHERE && locked) {
      throw index.damaged("a bucket"); // a damaged level tells of more than anybody can go through
    }
    for (int hops = 0; bucket != 0; hops++) {
      if (bucket == ShardIndex.NOWHERE || hops == ShardIndex.LONGEST_CHAIN) {
        sound = false;
        break;
      }
      long together = BucketLayout.EMPTY;
      for (int i = 0; i < BucketLayout.SLOTS; i++) {
        long slot = index.slotAcquire(bucket, i);
        together ^= slot;
        if (slot != BucketLayout.EMPTY
            && !addKey(ShardIndex.slotPosition(bucket, i), slot, cursor, keys)) {
          return ShardIndex.NOWHERE;
        }
      }
      long meta = index.metaAcquire(bucket);
      sound &= BucketLayout.isSound(number, meta, together);
      bucket = index.next(meta);
    }
    if (!sound && locked) {
      context.faults().damagedIndex(index.bucketAt(number));
    }
    PageMemory.acquireFence();
    return sound && (relocations & 1) == 0 && index.relocationsAcquire() == relocations
        ? 0
        : ShardIndex.NOWHERE;
  }

  /** False if the slot changed meanwhile; a damaged record is counted and passed over. */
  private boolean addKey(long slotPosition, long slot, long cursor, KeySnapshot keys) {
    long at = BucketLayout.position(slot);
    RecordView record = new RecordView(context);
    if (!record.load(at) || record.isDead()) {
      return damagedOrChanged(at, "lengths") == Result.DAMAGED;
    }
    long head = record.head();
    if (!unchanged(slotPosition, slot, at, head)) {
      return false;
    }
    byte[] key = new byte[record.keyBytes()];
    memory.copyOut(record.keyPosition(), key, 0, key.length);
    if (!unchanged(slotPosition, slot, at, head)) {
      return false;
    }
    keys.add(key, record.keyIsId(), cursor);
    return true;
  }
}
