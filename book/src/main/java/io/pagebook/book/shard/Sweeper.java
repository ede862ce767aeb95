package io.pagebook.book.shard;

import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.SegmentLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.memory.Words;

/**
 * Goes round the main log, a few records at each write, and drops those that have expired, so that
 * what nobody asks for again gives its space back. Costs a shard nothing that never held a record
 * with an expiry. Under the shard's lock.
 */
final class Sweeper {
  private static final int LOOKS_PER_WRITE = 4;
  private static final int DROPS_PER_WRITE = 32;

  private final ShardParts parts;
  private final PageMemory memory;
  private final Words header;
  private final RecordLog log;
  private final SlotFinder finder;
  private final Remover remover;
  private final RecordView record;
  private final RecordBuffer key = new RecordBuffer();
  private long segment;
  private long number;
  private long offset;

  Sweeper(ShardParts parts) {
    this.parts = parts;
    this.memory = parts.context().memory();
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

  void step() {
    if (header.getLongPlain(ShardLayout.EXPIRING_OFFSET) == 0) {
      return;
    }
    int looks = LOOKS_PER_WRITE;
    for (int drops = 0; drops < DROPS_PER_WRITE && looks > 0; looks--) {
      if (!isValid()) {
        start(log.oldest());
      }
      if (segment == 0) {
        return;
      }
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
        }
        offset += bytes;
      }
    }
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
    start(memory.getLongPlain(left + SegmentLayout.NEXT_OFFSET));
    if (log.liveBytes(left) == 0 && left != log.newest()) {
      log.detach(parts.journal(), left);
    }
  }

  private boolean isLive() {
    record.copyKeyTo(key);
    return finder.findPosition(offset, parts.hash().applyAsLong(key));
  }
}
