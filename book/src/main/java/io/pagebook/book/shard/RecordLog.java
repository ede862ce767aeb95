package io.pagebook.book.shard;

import io.pagebook.book.BookException;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.layout.RecordLayout;
import io.pagebook.book.layout.SegmentLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.memory.Words;

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

  /** More live bytes than any segment has. */
  static final long UNKNOWN = Long.MAX_VALUE;

  private static final String LINKS = "the links of a segment";

  private final PageMemory memory;
  private final Words header;
  private final Geometry geometry;
  private final int shardIndex;
  private final long shard;
  private final int kind;
  private final int ends;
  private final int mostPages;
  private final Stamps stamps;
  private final FreeSpace freeSpace = new FreeSpace();
  private final RecordView dead;
  private final Faults faults;

  RecordLog(StoreContext context, int shardIndex, int kind) {
    this.memory = context.memory();
    this.header = context.header(shardIndex);
    this.geometry = context.geometry();
    this.shardIndex = shardIndex;
    this.shard = geometry.shard(shardIndex);
    this.kind = kind;
    this.ends =
        kind == SegmentLayout.MAIN
            ? 0
            : ShardLayout.WINDOW_OFFSET - ShardLayout.OLDEST_SEGMENT_OFFSET;
    this.stamps = new Stamps(context, shardIndex);
    this.dead = new RecordView(context);
    this.faults = context.faults();
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
    journal.setCovered(shard + ends + ShardLayout.LOG_NEXT_OFFSET, next);
  }

  /** Whether a segment of the shard is one of this log's; 0 is none. */
  boolean owns(long segment) {
    return segment != 0
        && memory.getLongPlain(segment + SegmentLayout.MARK_OFFSET)
            == SegmentLayout.mark(shardIndex)
        && memory.getLongPlain(segment + SegmentLayout.LOG_OFFSET) == kind;
  }

  /** Whether the position of a segment still is one of this log's, and the same. */
  boolean isSegment(long segment, long number) {
    return segment != 0
        && segmentOf(segment) == segment
        && owns(segment)
        && numberOf(segment) == number;
  }

  long numberOf(long segment) {
    return memory.getLongPlain(segment + SegmentLayout.NUMBER_OFFSET);
  }

  long get(int offset) {
    return header.getLongPlain(offset);
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

  /**
   * Has a place for a record mapped in one piece: another process may have added its segment to the
   * file, of which this one mapped a part before.
   */
  void cover(long at, long bytes) {
    if (!memory.ensureCovers(at, bytes)) {
      throw new BookException.Corrupt(
          "the file is shorter than its log: position=" + at + ", file=" + memory.path());
    }
  }

  /** A dead record's place of just this size, or 0. */
  long reusable(long bytes) {
    for (long at = freeSpace.pop(bytes); at != 0; at = freeSpace.pop(bytes)) {
      if (isOurs(at)
          && !isPastTheEnd(at)
          && isWhereItWas(at, freeSpace.poppedStamp())
          && dead.load(at)
          && dead.isDead()
          && dead.bytes() == bytes) {
        return at;
      }
    }
    return 0;
  }

  /**
   * Whether a place that was pushed when the shard's segments had last changed at {@code stamp}
   * still lies in the same segment. Most often they have not changed since, and the segment's
   * header, which is far from all else that a write touches, need not be looked at.
   */
  private boolean isWhereItWas(long position, long stamp) {
    if (segmentsStamp() == stamp) {
      return true;
    }
    long segment = segmentOf(position);
    return owns(segment) && numberOf(segment) > 0 && numberOf(segment) <= stamp;
  }

  /** Whether a position lies behind the newest segment's records: nothing ever died there. */
  private boolean isPastTheEnd(long position) {
    return position >= next() && position < get(ends + ShardLayout.LOG_END_OFFSET);
  }

  /** The stamp at which the shard last got or lost a segment. */
  private long segmentsStamp() {
    return get(ShardLayout.SEGMENTS_STAMP_OFFSET);
  }

  /** Whether a record begins in a page of this shard's logs. */
  private boolean isOurs(long position) {
    long word = memory.getLongPlain(geometry.mapWord(geometry.pageOf(position)));
    return PageMapWord.isOfLog(word, shardIndex);
  }

  /**
   * The segment of one of this shard's logs that a position lies in as the page map has it, or 0.
   */
  long segmentOf(long position) {
    long page = geometry.pageOf(position);
    long word = memory.getLongAcquire(geometry.mapWord(page));
    if (PageMapWord.kind(word) == PageMapWord.KIND_LOG_TAIL) {
      page = PageMapWord.firstPage(page, word);
      if (page < 0) {
        return 0; // the map is damaged
      }
      word = memory.getLongAcquire(geometry.mapWord(page));
    }
    return PageMapWord.kind(word) == PageMapWord.KIND_LOG && PageMapWord.shard(word) == shardIndex
        ? geometry.position(page)
        : 0;
  }

  /** Where the records of a segment end. */
  long endOf(long segment) {
    return segment == newest() ? next() : memory.getLongPlain(segment + SegmentLayout.END_OFFSET);
  }

  /**
   * Bytes of records in a segment that a slot points to; {@link #UNKNOWN} if the page map is
   * damaged there: then nobody can tell, and the segment is left alone.
   */
  long liveBytes(long segment) {
    long first = geometry.pageOf(segment);
    long word = memory.getLongAcquire(geometry.mapWord(first));
    long end = first + PageMapWord.pages(word);
    if (PageMapWord.kind(word) != PageMapWord.KIND_LOG
        || PageMapWord.shard(word) != shardIndex
        || end == first
        || end > geometry.endOfGroup(geometry.groupOf(first))) {
      return UNKNOWN;
    }
    long bytes = PageMapWord.liveBytes(word);
    for (long page = first + 1; page < end; page++) {
      word = memory.getLongPlain(geometry.mapWord(page));
      if (PageMapWord.withoutLiveBytes(word) != PageMapWord.logTail(page - first, shardIndex)) {
        return UNKNOWN;
      }
      bytes += PageMapWord.liveBytes(word);
    }
    return bytes;
  }

  /** Bytes of records in a segment, be they alive or dead. */
  long recordBytes(long segment) {
    return endOf(segment) - segment - SegmentLayout.HEADER_BYTES;
  }

  long extentBytes(long segment) {
    long word = memory.getLongAcquire(geometry.mapWord(geometry.pageOf(segment)));
    return geometry.position(PageMapWord.pages(word));
  }

  /** Makes reserved pages the newest segment. */
  void attach(Journal journal, long firstPage, int pages) {
    long number = stamps.next();
    long segment = geometry.position(firstPage);
    long newest = newest();
    memory.putLongPlain(segment + SegmentLayout.MARK_OFFSET, SegmentLayout.mark(shardIndex));
    memory.putLongPlain(segment + SegmentLayout.NEXT_OFFSET, 0);
    memory.putLongPlain(segment + SegmentLayout.PREVIOUS_OFFSET, newest);
    memory.putLongPlain(segment + SegmentLayout.END_OFFSET, 0);
    memory.putLongPlain(segment + SegmentLayout.NUMBER_OFFSET, number);
    memory.putLongPlain(segment + SegmentLayout.LOG_OFFSET, kind);
    for (int i = 1; i < pages; i++) {
      takeTail(journal, firstPage, i);
    }
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
    journal.set(shard + ShardLayout.SEGMENTS_STAMP_OFFSET, number);
    listEnd(journal, segment + SegmentLayout.HEADER_BYTES);
    journal.set(shard + ends + ShardLayout.LOG_END_OFFSET, segment + geometry.position(pages));
    journal.set(
        shard + ShardLayout.LOG_BYTES_OFFSET,
        get(ShardLayout.LOG_BYTES_OFFSET) + geometry.position(pages));
    journal.commit();
  }

  /** By compare-and-set: whoever was taken for dead may not store over what is another's now. */
  private void takeTail(Journal journal, long firstPage, int distance) {
    long at = geometry.mapWord(firstPage + distance);
    long logTail = PageMapWord.logTail(distance, shardIndex);
    if (!memory.compareAndSetLong(at, PageMapWord.tail(distance), logTail)) {
      journal.checkHeld();
      throw new BookException.Corrupt(
          "pages that were reserved are no longer: page="
              + (firstPage + distance)
              + ", word="
              + Long.toHexString(memory.getLongAcquire(at))
              + ", file="
              + memory.path()
              + "; destroy the book or restore a copy");
    }
  }

  /** The segment behind one; 0 if it is the newest, or its link is damaged, which is counted. */
  long behind(long segment) {
    if (segment == newest()) {
      return 0;
    }
    long next = memory.getLongPlain(segment + SegmentLayout.NEXT_OFFSET);
    if (!isSegment(next) || numberOf(next) <= numberOf(segment)) {
      faults.damagedRecord(segment, LINKS);
      return 0;
    }
    return next;
  }

  /** Whether a word that may be damaged is the position of a segment of this log. */
  private boolean isSegment(long position) {
    return position > 0
        && geometry.position(geometry.pageOf(position)) == position
        && memory.ensureCovers(position, SegmentLayout.HEADER_BYTES)
        && segmentOf(position) == position
        && owns(position);
  }

  /**
   * Takes a segment that holds nothing alive, and is not the newest, out of the list and frees its
   * pages; false if its links are damaged, which is counted.
   */
  boolean detach(Journal journal, long segment) {
    long next = memory.getLongPlain(segment + SegmentLayout.NEXT_OFFSET);
    long previous = memory.getLongPlain(segment + SegmentLayout.PREVIOUS_OFFSET);
    boolean sound =
        isSegment(next)
            && memory.getLongPlain(next + SegmentLayout.PREVIOUS_OFFSET) == segment
            && (previous == 0
                ? oldest() == segment
                : isSegment(previous)
                    && memory.getLongPlain(previous + SegmentLayout.NEXT_OFFSET) == segment);
    if (!sound) {
      faults.damagedRecord(segment, LINKS);
      return false;
    }
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
    journal.set(shard + ShardLayout.SEGMENTS_STAMP_OFFSET, stamps.next());
    journal.freeSegment(segment);
    journal.commit();
    return true;
  }

  /**
   * Marks a record dead that no slot points to any more, and remembers its place if it may be used
   * again.
   */
  void bury(long at, long bytes, boolean reusable) {
    memory.putLongRelease(at, RecordLayout.dead(bytes));
    if (reusable) {
      freeSpace.push(bytes, at, segmentsStamp());
    }
  }
}
