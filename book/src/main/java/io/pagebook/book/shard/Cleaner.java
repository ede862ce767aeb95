package io.pagebook.book.shard;

import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.RecordLayout;
import io.pagebook.book.layout.SegmentLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import java.util.HashSet;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Wins back the space of dead records: takes the segment with the smallest live part, moves what
 * lives to the end of the log, and frees the pages. Works in short steps under the shard's lock;
 * what it remembers between them is checked anew.
 */
final class Cleaner {
  private static final int RECORDS_PER_STEP = 64;
  private static final int SEGMENTS_PER_CHOICE = 4096;
  private static final int DEAD_SHARE = 4;

  /** A segment of which less than one part in so many is dead is left alone. */
  private static final int WORTHWHILE_SHARE = 20;

  /** What a step came to. */
  enum Step {
    PROGRESS,
    NOTHING_TO_DO,
    NEEDS_LOG
  }

  private final PageMemory memory;
  private final StoreContext context;
  private final long shard;
  private final RecordLog log;
  private final Journal journal;
  private final SlotFinder finder;
  private final ToLongFunction<RecordBuffer> hash;
  private final Stamps stamps;
  private final RecordView record;
  private final RecordBuffer key = new RecordBuffer();
  private byte[] bytes = new byte[1024];

  private long victim;
  private long victimNumber;
  private long offset;
  private boolean again;
  private long neededBytes;
  private final Set<Long> hopeless = new HashSet<>();

  Cleaner(
      StoreContext context,
      int shardIndex,
      RecordLog log,
      Journal journal,
      SlotFinder finder,
      Stamps stamps,
      ToLongFunction<RecordBuffer> hash) {
    this.context = context;
    this.memory = context.memory();
    this.shard = context.geometry().shard(shardIndex);
    this.log = log;
    this.journal = journal;
    this.finder = finder;
    this.stamps = stamps;
    this.hash = hash;
    this.record = new RecordView(context);
  }

  /** Whether so much of the log is dead that cleaning pays. A hint: called without the lock. */
  boolean isDue() {
    long logBytes = memory.getLongAcquire(shard + ShardLayout.LOG_BYTES_OFFSET);
    long live = memory.getLongAcquire(shard + ShardLayout.LIVE_BYTES_OFFSET);
    long segment = context.geometry().position(log.segmentPages(0));
    return logBytes - live > logBytes / DEAD_SHARE + 2 * segment;
  }

  /** The record that a step with {@link Step#NEEDS_LOG} could not move. */
  long neededBytes() {
    return neededBytes;
  }

  Step step() {
    if (!victimIsValid() && !choose()) {
      return Step.NOTHING_TO_DO;
    }
    long end = log.endOf(victim);
    for (int i = 0; i < RECORDS_PER_STEP && offset < end; i++) {
      if (!record.load(offset) || offset + record.bytes() > end) {
        context.faults().damagedRecord(offset, "lengths in the log");
        hopeless.add(victimNumber);
        victim = 0;
        return Step.PROGRESS;
      }
      if (!record.isDead() && isLive() && !move()) {
        return Step.NEEDS_LOG;
      }
      offset += record.bytes();
    }
    if (offset >= end) {
      if (log.liveBytes(victim) == 0) {
        log.detach(journal, victim);
      } else if (!again) { // a dead place behind the cleaner was used again: another round, but no
        // third
        again = true;
        offset = victim + SegmentLayout.HEADER_BYTES;
        return Step.PROGRESS;
      } else {
        hopeless.add(victimNumber);
      }
      victim = 0;
    }
    return Step.PROGRESS;
  }

  private boolean victimIsValid() {
    return victim != 0
        && victim != log.get(ShardLayout.NEWEST_SEGMENT_OFFSET)
        && log.segmentOf(victim) == victim
        && memory.getLongPlain(victim + SegmentLayout.NUMBER_OFFSET) == victimNumber;
  }

  private long numberOf(long segment) {
    return memory.getLongPlain(segment + SegmentLayout.NUMBER_OFFSET);
  }

  private boolean choose() {
    long newest = log.get(ShardLayout.NEWEST_SEGMENT_OFFSET);
    long best = 0;
    double least = 1.0;
    long segment = log.get(ShardLayout.OLDEST_SEGMENT_OFFSET);
    for (int i = 0; i < SEGMENTS_PER_CHOICE && segment != newest && segment != 0; i++) {
      long extent = log.extentBytes(segment);
      double live = (double) log.liveBytes(segment) / extent;
      if (live < least
          && log.deadBytes(segment) * WORTHWHILE_SHARE > extent
          && !hopeless.contains(numberOf(segment))) {
        least = live;
        best = segment;
      }
      segment = memory.getLongPlain(segment + SegmentLayout.NEXT_OFFSET);
    }
    victim = best;
    if (best == 0) {
      return false;
    }
    victimNumber = memory.getLongPlain(best + SegmentLayout.NUMBER_OFFSET);
    offset = best + SegmentLayout.HEADER_BYTES;
    again = false;
    return true;
  }

  private boolean isLive() {
    record.copyKeyTo(key);
    return finder.findPosition(offset, hash.applyAsLong(key));
  }

  /**
   * Moves the live record to the end of the log, under a new stamp: with the old one, a record that
   * came back to an earlier place would look to a stalled reader as if it had never been away.
   * False if there is no room.
   */
  private boolean move() {
    long length = record.bytes();
    long to = log.roomAtEnd(length);
    if (to == 0) {
      neededBytes = length;
      return false;
    }
    if (bytes.length < length) {
      bytes = new byte[(int) Math.max(length, 2L * bytes.length)];
    }
    long head = RecordLayout.head(stamps.next(), record.type(), record.flags());
    memory.copyOut(offset, bytes, 0, (int) length);
    PageMemory.releaseFence(); // as in NewRecord.write
    memory.copyIn(to + Long.BYTES, bytes, Long.BYTES, (int) length - Long.BYTES);
    long sizes = memory.getLongPlain(offset + RecordLayout.SIZES_OFFSET);
    memory.putLongPlain(
        to + RecordLayout.SIZES_OFFSET, RecordLayout.restamped(sizes, record.head(), head));
    memory.putLongRelease(to, head); // the head last, as in NewRecord.write
    long newest = log.get(ShardLayout.NEWEST_SEGMENT_OFFSET);
    journal.begin();
    journal.set(
        finder.slotPosition(),
        BucketLayout.slot(BucketLayout.tagOfHash(hash.applyAsLong(key)), to));
    journal.set(shard + ShardLayout.LOG_NEXT_OFFSET, to + length);
    journal.set(newest + SegmentLayout.LIVE_BYTES_OFFSET, log.liveBytes(newest) + length);
    journal.set(victim + SegmentLayout.LIVE_BYTES_OFFSET, log.liveBytes(victim) - length);
    journal.commit();
    return true;
  }
}
