package io.pagebook.book.shard;

import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.SegmentLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.memory.Words;
import java.util.HashSet;
import java.util.Set;

/**
 * Wins back the space of dead records: takes the segment with the smallest live part, moves what
 * lives to the end of the log, and frees the pages. Works in short steps under the shard's lock;
 * what it remembers between them is checked anew.
 */
final class Cleaner {
  private static final int RECORDS_PER_STEP = 64;
  private static final int SEGMENTS_PER_CHOICE = 4096;

  /** Cleaning is due where more than one part in so many of the log is dead. */
  private static final int DEAD_SHARE = 8;

  /** As the other, where records are evicted: cleaning takes an old one to the log's young end. */
  private static final int DEAD_SHARE_IF_EVICTING = 4;

  /** A segment of which less than one part in so many is dead is left alone. */
  private static final int WORTHWHILE_SHARE = 20;

  /** What a step came to. */
  enum Step {
    PROGRESS,
    NOTHING_TO_DO,
    NEEDS_LOG
  }

  private final PageMemory memory;
  private final Words header;
  private final StoreContext context;
  private final ShardParts parts;
  private final SlotFinder finder;
  private final RecordMover mover;
  private final Remover remover;
  private final RecordView record;
  private final RecordBuffer key = new RecordBuffer();

  private RecordLog log;
  private long victim;
  private long victimNumber;
  private long offset;
  private long keyHash;
  private boolean again;
  private long neededBytes;
  private long unused;
  private final Set<Long> hopeless = new HashSet<>();

  /**
   * Bytes of the log that hold nothing alive and that cleaning would not win, when it last looked:
   * the ends of segments, or all if it found no victim. A hint.
   */
  private volatile long notToBeWon;

  Cleaner(ShardParts parts) {
    this.context = parts.context();
    this.memory = context.memory();
    this.header = context.header(parts.shardIndex());
    this.parts = parts;
    this.log = parts.main();
    this.finder = parts.newFinder();
    this.mover = new RecordMover(parts);
    this.remover = parts.newRemover();
    this.record = new RecordView(context);
  }

  /** Whether so much of the log is dead that cleaning pays. A hint: called without the lock. */
  boolean isDue() {
    long logBytes = header.getLongAcquire(ShardLayout.LOG_BYTES_OFFSET);
    long live = header.getLongAcquire(ShardLayout.LIVE_BYTES_OFFSET);
    long segment = context.geometry().position(parts.main().segmentPages(0));
    int share = context.bounds().evicts() ? DEAD_SHARE_IF_EVICTING : DEAD_SHARE;
    return logBytes - live - notToBeWon > logBytes / share + 2 * segment;
  }

  /** The record that a step with {@link Step#NEEDS_LOG} could not move. */
  long neededBytes() {
    return neededBytes;
  }

  /** Where it could not move to. */
  RecordLog neededLog() {
    return log;
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
      long bytes = record.bytes();
      if (!record.isDead() && isLive() && !dropOrMove()) {
        return Step.NEEDS_LOG;
      }
      offset += bytes;
    }
    if (offset >= end) {
      if (log.liveBytes(victim) == 0) {
        detach();
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

  private void detach() {
    if (!log.detach(parts.journal(), victim)) {
      hopeless.add(victimNumber);
    }
  }

  private boolean victimIsValid() {
    return victim != log.newest() && log.isSegment(victim, victimNumber);
  }

  private boolean choose() {
    victim = 0;
    unused = 0;
    double least = chooseOf(parts.main(), 1.0);
    if (context.bounds().evicts()) {
      chooseOf(parts.window(), least);
    }
    if (victim == 0) {
      notToBeWon =
          header.getLongPlain(ShardLayout.LOG_BYTES_OFFSET)
              - header.getLongPlain(ShardLayout.LIVE_BYTES_OFFSET);
      return false;
    }
    notToBeWon = unused;
    victimNumber = log.numberOf(victim);
    offset = victim + SegmentLayout.HEADER_BYTES;
    again = false;
    return true;
  }

  /** The smallest live part of a segment, if it is less than {@code bound}; else {@code bound}. */
  private double chooseOf(RecordLog candidate, double bound) {
    long newest = candidate.newest();
    double least = bound;
    long segment = candidate.oldest();
    for (int i = 0; i < SEGMENTS_PER_CHOICE && segment != newest && segment != 0; i++) {
      long extent = candidate.extentBytes(segment);
      long liveBytes = candidate.liveBytes(segment);
      double live = (double) liveBytes / extent;
      unused += extent - candidate.recordBytes(segment);
      if (liveBytes != RecordLog.UNKNOWN
          && live < least
          && (candidate.recordBytes(segment) - liveBytes) * WORTHWHILE_SHARE > extent
          && candidate.isSegment(segment, candidate.numberOf(segment))
          && !hopeless.contains(candidate.numberOf(segment))) {
        least = live;
        victim = segment;
        log = candidate;
      }
      segment = memory.getLongPlain(segment + SegmentLayout.NEXT_OFFSET);
    }
    return least;
  }

  private boolean isLive() {
    record.copyKeyTo(key);
    keyHash = parts.hash().applyAsLong(key);
    return finder.findPosition(offset, keyHash);
  }

  /** What has expired goes; the rest moves to the end of the log. False if there is no room. */
  private boolean dropOrMove() {
    if (context.bounds().isStale(record.expiryMillis())) {
      remover.remove(record, finder.slotPosition(), false);
      return true;
    }
    neededBytes = record.bytes();
    return mover.move(record, finder.slotPosition(), keyHash, log);
  }
}
