package io.pagebook.book.shard;

import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.SegmentLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.Words;

/**
 * Goes round the main log, a few records at each write, and drops those that have expired, so that
 * what nobody asks for again gives its space back. Costs a shard nothing that never held a record
 * with an expiry. Under the shard's lock.
 */
final class Sweeper {
  private static final int LOOKS_PER_WRITE = 4;
  private static final int DROPS_PER_WRITE = 32;

  /** As many as one may look at under the lock while others wait. */
  private static final int LOOKS_PER_PART = 256;

  private final ShardParts parts;
  private final Words header;
  private final RecordLog log;
  private final SlotFinder finder;
  private final Remover remover;
  private final RecordView record;
  private final RecordBuffer key = new RecordBuffer();
  private long segment;
  private long number;
  private long offset;

  /** The number of the segment that is the last of a round. */
  private long lastOfRound;

  private long dropped;

  Sweeper(ShardParts parts) {
    this.parts = parts;
    this.header = parts.context().header(parts.shardIndex());
    this.log = parts.main();
    this.finder = parts.newFinder();
    this.remover = parts.newRemover();
    this.record = new RecordView(parts.context());
  }

  /** Notes that the shard has a record that expires. */
  void expect() {
    if (header.getLongPlain(ShardLayout.EXPIRING_OFFSET) == 0) {
      header.putLongPlain(ShardLayout.EXPIRING_OFFSET, 1);
    }
  }

  /** Whether the shard ever had a record that expires; a hint for those without the lock. */
  boolean mayFind() {
    return header.getLongAcquire(ShardLayout.EXPIRING_OFFSET) != 0;
  }

  void step() {
    if (header.getLongPlain(ShardLayout.EXPIRING_OFFSET) == 0) {
      return;
    }
    if (!isValid()) {
      start(log.oldest());
    }
    int left = look(LOOKS_PER_WRITE, DROPS_PER_WRITE);
    if (segment == 0 && left > 0) {
      start(log.oldest());
      look(left, DROPS_PER_WRITE);
    }
  }

  /** Begins to go over the whole log once. For a sweeper of its own: a write's would get lost. */
  void startRound() {
    start(log.oldest());
    lastOfRound = segment == 0 ? 0 : log.numberOf(log.newest());
  }

  /** Goes on with the round, for a part of it; false when it is over. */
  boolean continueRound() {
    if (segment != 0 && !isValid()) {
      start(log.oldest()); // others cleaned it away: what was in it has moved, or is gone
    }
    if (segment == 0 || number > lastOfRound) {
      return false;
    }
    look(LOOKS_PER_PART, LOOKS_PER_PART);
    return true;
  }

  /** How many records it has dropped so far. */
  long dropped() {
    return dropped;
  }

  /**
   * Looks at some records, at most to the end of the log; each that it drops counts no look.
   * Returns how many looks are left.
   */
  private int look(int mostLooks, int mostDrops) {
    int looks = mostLooks;
    for (int drops = 0; segment != 0 && drops < mostDrops && looks > 0; looks--) {
      if (offset >= log.endOf(segment)) {
        leave();
      } else if (!record.load(offset) || record.bytes() > log.endOf(segment) - offset) {
        offset = Long.MAX_VALUE; // the cleaner counts the damage
      } else {
        long bytes = record.bytes();
        if (!record.isDead()
            && parts.context().bounds().isStale(record.expiryMillis())
            && isLive()) {
          remover.remove(record, finder.slotPosition(), !parts.context().bounds().evicts());
          drops++;
          looks++;
          dropped++;
        }
        offset += bytes;
      }
    }
    return looks;
  }

  private boolean isValid() {
    return log.isSegment(segment, number);
  }

  private void start(long at) {
    segment = at;
    if (at != 0) {
      number = log.numberOf(at);
      offset = at + SegmentLayout.HEADER_BYTES;
    }
  }

  private void leave() {
    long left = segment;
    start(log.behind(left));
    if (log.liveBytes(left) == 0 && left != log.newest()) {
      log.detach(parts.journal(), left);
    }
  }

  private boolean isLive() {
    record.copyKeyTo(key);
    return finder.findPosition(offset, parts.hash().applyAsLong(key));
  }
}
