package io.pagebook.book.shard;

import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.layout.RecordLayout;
import io.pagebook.book.layout.SegmentLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;

/**
 * A log of a shard: a list of segments, oldest first, of which the newest is appended to. All
 * methods are called under the shard's lock; those that take the journal list their changes there.
 */
final class RecordLog {
  /** Segments grow with the log, as an eighth of it, up to this many bytes. */
  private static final int MAX_SEGMENT_BYTES = 1 << 18;

  private static final int SEGMENT_SHARE = 8;

  /**
   * A bounded book has at least so many segments a shard: what it keeps back for cleaning is two of
   * them a shard.
   */
  private static final int SEGMENTS_PER_SHARD = 32;

  private final PageMemory memory;
  private final Geometry geometry;
  private final int shardIndex;
  private final long shard;
  private final int kind;
  private final int ends;
  private final int mostPages;
  private final FreeSpace freeSpace = new FreeSpace();
  private final RecordView dead;

  RecordLog(StoreContext context, int shardIndex, int kind) {
    this.memory = context.memory();
    this.geometry = context.geometry();
    this.shardIndex = shardIndex;
    this.shard = geometry.shard(shardIndex);
    this.kind = kind;
    this.ends =
        kind == SegmentLayout.MAIN
            ? 0
            : ShardLayout.WINDOW_OFFSET - ShardLayout.OLDEST_SEGMENT_OFFSET;
    this.dead = new RecordView(context);
    long maximum = context.pool().maximumPages();
    this.mostPages = maximum == 0 ? Integer.MAX_VALUE : mostPages(maximum, geometry);
  }

  /** Pages of a segment of a bounded book at the most, unless one record needs more. */
  static int mostPages(long maximumPages, Geometry geometry) {
    return (int) Math.max(1, maximumPages / (SEGMENTS_PER_SHARD * (long) geometry.shards()));
  }

  long oldest() {
    return get(ends + ShardLayout.OLDEST_SEGMENT_OFFSET);
  }

  long newest() {
    return get(ends + ShardLayout.NEWEST_SEGMENT_OFFSET);
  }

  private long next() {
    return get(ends + ShardLayout.LOG_NEXT_OFFSET);
  }

  /** Lists that the next record goes to {@code next}. */
  void listEnd(Journal journal, long next) {
    journal.set(shard + ends + ShardLayout.LOG_NEXT_OFFSET, next);
  }

  /** Whether a segment of the shard is one of this log's; 0 is none. */
  boolean owns(long segment) {
    return segment != 0 && memory.getLongPlain(segment + SegmentLayout.LOG_OFFSET) == kind;
  }

  long get(int offset) {
    return memory.getLongPlain(shard + offset);
  }

  /** Pages of the next segment, if it must hold a record of {@code bytes}. */
  int segmentPages(long bytes) {
    long wanted = Math.min(MAX_SEGMENT_BYTES, get(ShardLayout.LOG_BYTES_OFFSET) / SEGMENT_SHARE);
    int pages = Math.max(leastPages(bytes), Math.min(geometry.pagesFor(wanted), mostPages));
    return Math.min(pages, geometry.maxExtentPages());
  }

  /** Pages of the smallest segment that holds a record of {@code bytes}. */
  int leastPages(long bytes) {
    return geometry.pagesFor(bytes + SegmentLayout.HEADER_BYTES);
  }

  /** The largest record that fits a segment at all. */
  static long maxRecordBytes(Geometry geometry) {
    return geometry.position(geometry.maxExtentPages()) - SegmentLayout.HEADER_BYTES;
  }

  /** Where the newest segment has room for {@code bytes}, or 0. */
  long roomAtEnd(long bytes) {
    long next = next();
    return next != 0 && next + bytes <= get(ends + ShardLayout.LOG_END_OFFSET) ? next : 0;
  }

  /** A dead record's place of just this size, or 0. */
  long reusable(long bytes) {
    for (long at = freeSpace.pop(bytes); at != 0; at = freeSpace.pop(bytes)) {
      long segment = segmentOf(at);
      if (owns(segment)
          && memory.getLongPlain(segment + SegmentLayout.NUMBER_OFFSET)
              == freeSpace.poppedSegmentNumber()
          && dead.load(at)
          && dead.isDead()
          && dead.bytes() == bytes) {
        return at;
      }
    }
    return 0;
  }

  /** The segment of this shard's log that a position lies in, or 0. */
  long segmentOf(long position) {
    long page = geometry.pageOf(position);
    long word = memory.getLongAcquire(geometry.mapWord(page));
    if (PageMapWord.kind(word) == PageMapWord.KIND_TAIL) {
      page = PageMapWord.firstPage(word);
      word = memory.getLongAcquire(geometry.mapWord(page));
    }
    long segment = geometry.position(page);
    return PageMapWord.kind(word) == PageMapWord.KIND_LOG
            && PageMapWord.shard(word) == shardIndex
            && memory.getLongPlain(segment + SegmentLayout.MARK_OFFSET)
                == SegmentLayout.mark(shardIndex)
        ? segment
        : 0;
  }

  /** Where the records of a segment end. */
  long endOf(long segment) {
    return segment == newest() ? next() : memory.getLongPlain(segment + SegmentLayout.END_OFFSET);
  }

  long liveBytes(long segment) {
    return memory.getLongPlain(segment + SegmentLayout.LIVE_BYTES_OFFSET);
  }

  /** Bytes of records in a segment that no slot points to. */
  long deadBytes(long segment) {
    return endOf(segment) - segment - SegmentLayout.HEADER_BYTES - liveBytes(segment);
  }

  long extentBytes(long segment) {
    long word = memory.getLongAcquire(geometry.mapWord(geometry.pageOf(segment)));
    return geometry.position(PageMapWord.pages(word));
  }

  /** Makes reserved pages the newest segment. */
  void attach(Journal journal, long firstPage, int pages, long number) {
    long segment = geometry.position(firstPage);
    long newest = newest();
    memory.putLongPlain(segment + SegmentLayout.MARK_OFFSET, SegmentLayout.mark(shardIndex));
    memory.putLongPlain(segment + SegmentLayout.NEXT_OFFSET, 0);
    memory.putLongPlain(segment + SegmentLayout.PREVIOUS_OFFSET, newest);
    memory.putLongPlain(segment + SegmentLayout.END_OFFSET, 0);
    memory.putLongPlain(segment + SegmentLayout.LIVE_BYTES_OFFSET, 0);
    memory.putLongPlain(segment + SegmentLayout.NUMBER_OFFSET, number);
    memory.putLongPlain(segment + SegmentLayout.LOG_OFFSET, kind);
    journal.begin();
    journal.set(
        geometry.mapWord(firstPage), PageMapWord.owned(PageMapWord.KIND_LOG, pages, shardIndex));
    if (newest == 0) {
      journal.set(shard + ends + ShardLayout.OLDEST_SEGMENT_OFFSET, segment);
    } else {
      journal.set(newest + SegmentLayout.NEXT_OFFSET, segment);
      journal.set(newest + SegmentLayout.END_OFFSET, next());
    }
    journal.set(shard + ends + ShardLayout.NEWEST_SEGMENT_OFFSET, segment);
    listEnd(journal, segment + SegmentLayout.HEADER_BYTES);
    journal.set(shard + ends + ShardLayout.LOG_END_OFFSET, segment + geometry.position(pages));
    journal.set(
        shard + ShardLayout.LOG_BYTES_OFFSET,
        get(ShardLayout.LOG_BYTES_OFFSET) + geometry.position(pages));
    journal.commit();
  }

  /**
   * Takes a segment that holds nothing alive, and is not the newest, out of the list and frees its
   * pages.
   */
  void detach(Journal journal, long segment) {
    long next = memory.getLongPlain(segment + SegmentLayout.NEXT_OFFSET);
    long previous = memory.getLongPlain(segment + SegmentLayout.PREVIOUS_OFFSET);
    journal.begin();
    if (previous == 0) {
      journal.set(shard + ends + ShardLayout.OLDEST_SEGMENT_OFFSET, next);
    } else {
      journal.set(previous + SegmentLayout.NEXT_OFFSET, next);
    }
    journal.set(next + SegmentLayout.PREVIOUS_OFFSET, previous);
    journal.set(
        shard + ShardLayout.LOG_BYTES_OFFSET,
        get(ShardLayout.LOG_BYTES_OFFSET) - extentBytes(segment));
    journal.freeSegment(segment);
    journal.commit();
  }

  /**
   * Marks a record dead that no slot points to any more, and remembers its place if it may be used
   * again.
   */
  void bury(long at, long bytes, long segment, boolean reusable) {
    memory.putLongRelease(at, RecordLayout.dead(bytes));
    if (reusable) {
      freeSpace.push(bytes, at, memory.getLongPlain(segment + SegmentLayout.NUMBER_OFFSET));
    }
  }
}
