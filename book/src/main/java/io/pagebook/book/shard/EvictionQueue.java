package io.pagebook.book.shard;

import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.RecordLayout;
import io.pagebook.book.layout.SegmentLayout;
import io.pagebook.book.memory.PageMemory;

/**
 * The records of a log, oldest first: those that were taken from its head are dead, so the head is
 * the first live record, and where it was last is only remembered to find it at once. Gives back
 * the segments that it has passed. Under the shard's lock.
 */
final class EvictionQueue {
  private final ShardParts parts;
  private final PageMemory memory;
  private final RecordLog log;
  private final SlotFinder finder;
  private final RecordView record;
  private final RecordBuffer key = new RecordBuffer();
  private long segment;
  private long number;
  private long offset;
  private long hash;
  private boolean again;

  EvictionQueue(ShardParts parts, RecordLog log) {
    this.parts = parts;
    this.memory = parts.context().memory();
    this.log = log;
    this.finder = parts.newFinder();
    this.record = new RecordView(parts.context());
  }

  /** Finds the oldest live record; false if there is none. */
  boolean head() {
    if (!isValid()) {
      start(log.oldest());
    }
    while (segment != 0) {
      long end = log.endOf(segment);
      while (offset < end) {
        if (!record.load(offset) || offset + record.bytes() > end) {
          parts.context().faults().damagedRecord(offset, "lengths in the log");
          offset = end;
        } else if (!record.isDead() && isLive()) {
          return true;
        } else {
          offset += record.bytes();
        }
      }
      leave();
    }
    return false;
  }

  private boolean isValid() {
    return log.isSegment(segment, number);
  }

  private void start(long at) {
    segment = at;
    again = false;
    if (at != 0) {
      number = log.numberOf(at);
      offset = at + SegmentLayout.HEADER_BYTES;
    }
  }

  /** A segment that still holds something alive is gone through once more, and then left alone. */
  private void leave() {
    long left = segment;
    long next = log.behind(left);
    if (log.liveBytes(left) != 0 && !again) {
      start(left);
      again = true;
      return;
    }
    start(next);
    if (log.liveBytes(left) == 0 && left != log.newest()) {
      log.detach(parts.journal(), left);
    }
  }

  private boolean isLive() {
    record.copyKeyTo(key);
    hash = parts.hash().applyAsLong(key);
    return finder.findPosition(offset, hash);
  }

  /** Steps over the head, which stays where it is. */
  void skip() {
    offset += record.bytes();
  }

  /** Marks the place of the head, which has moved, and steps over it. */
  void bury() {
    memory.putLongRelease(offset, RecordLayout.dead(record.bytes()));
    offset += record.bytes();
  }

  RecordView record() {
    return record;
  }

  long hash() {
    return hash;
  }

  long slotPosition() {
    return finder.slotPosition();
  }

  /** Bytes of the head, a large value included. */
  long weight() {
    return record.bytes() + record.largeBytes();
  }
}
