package io.pagebook.book.shard;

import io.pagebook.book.BookImage;
import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.JournalEntry;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.layout.RecordLayout;
import io.pagebook.book.layout.SegmentLayout;
import io.pagebook.book.layout.ShardLayout;

/**
 * A commit of shard 0, from the images of the book before and after it and the journal that it left
 * behind: gives the image of each moment at which the process may have been killed in between.
 */
final class CutOffCommit {
  private final BookImage before;
  private final BookImage after;
  private final Geometry geometry;
  private final long shard;
  private final int entries;

  /** The journal was empty of entries, all zeros, before the commit. */
  CutOffCommit(BookImage before, BookImage after) {
    this.before = before;
    this.after = after;
    this.geometry = after.geometry();
    this.shard = geometry.shard(0);
    int last = 0;
    while (last < ShardLayout.JOURNAL_ENTRIES && after.get(entry(last)) != 0 && !endsSplit(last)) {
      last++;
    }
    this.entries = endsSplit(last) ? last + 1 : last;
  }

  /** A split shares its call with an add, whose entries may show behind the split's. */
  private boolean endsSplit(int index) {
    return after.get(entry(index)) == shard + ShardLayout.RELOCATIONS_OFFSET;
  }

  int entries() {
    return entries;
  }

  /** Whether an entry of this operation is among the listed. */
  boolean has(int operation) {
    for (int i = 0; i < entries; i++) {
      if (JournalEntry.operation(after.get(entry(i))) == operation) {
        return true;
      }
    }
    return false;
  }

  private long entry(int index) {
    return shard + ShardLayout.JOURNAL_OFFSET + 16L * index;
  }

  /** The moment before the intent was stored: nothing has happened but what nobody can see. */
  BookImage beforeIntent() {
    return upTo(0).put(shard + ShardLayout.INTENT_OFFSET, 0);
  }

  /** The moment after the first {@code applied} entries were made. */
  BookImage upTo(int applied) {
    BookImage image = after.copy();
    for (int i = entries - 1; i >= applied; i--) {
      undo(image, after.get(entry(i)));
    }
    for (int i = 0; i < applied; i++) {
      long target = after.get(entry(i));
      if (JournalEntry.operation(target) == JournalEntry.SET) {
        image.put(JournalEntry.position(target), after.get(entry(i) + 8));
      }
    }
    unbury(image);
    long generation = BookLayout.generation(0);
    if (after.get(generation) != before.get(generation)) {
      image.put(generation, after.get(generation) - 1);
    }
    image.put(shard + ShardLayout.INTENT_OFFSET, entries);
    return image.closedByFirst().lockedByKilled(0);
  }

  private void undo(BookImage image, long target) {
    long position = JournalEntry.position(target);
    switch (JournalEntry.operation(target)) {
      case JournalEntry.SET -> image.put(position, valueBefore(position));
      case JournalEntry.ADOPT -> undoAdopt(image, position);
      case JournalEntry.RELEASE -> {
        int flags = RecordLayout.flags(before.get(position));
        long list = position + RecordLayout.extentsOffset(flags, keyBytes(before, position));
        for (int i = 0; i < before.get(position + RecordLayout.extentCountOffset(flags)); i++) {
          restoreMap(image, RecordLayout.extentFirstPage(before.get(list + 8L * i)));
        }
      }
      case JournalEntry.FREE_SEGMENT -> restoreMap(image, geometry.pageOf(position));
      default -> throw new AssertionError("target=" + target);
    }
  }

  private static int keyBytes(BookImage image, long record) {
    return RecordLayout.longKeyBytes(image.get(record + RecordLayout.FIXED_BYTES));
  }

  private void undoAdopt(BookImage image, long record) {
    int flags = RecordLayout.flags(after.get(record));
    long list = record + RecordLayout.extentsOffset(flags, keyBytes(after, record));
    for (int i = 0; i < after.get(record + RecordLayout.extentCountOffset(flags)); i++) {
      long at = geometry.mapWord(RecordLayout.extentFirstPage(after.get(list + 8L * i)));
      image.put(at, BookImage.reservedByKilled(after.get(at)));
    }
  }

  private void restoreMap(BookImage image, long first) {
    int pages = PageMapWord.pages(before.get(geometry.mapWord(first)));
    for (long page = first; page < first + pages; page++) {
      image.put(geometry.mapWord(page), before.get(geometry.mapWord(page)));
    }
  }

  private long valueBefore(long position) {
    if (position == shard + ShardLayout.RELOCATIONS_OFFSET) {
      return before.get(position) + 1;
    }
    int kind = PageMapWord.kind(after.get(position));
    boolean attached =
        kind == PageMapWord.KIND_LOG
            || kind == PageMapWord.KIND_INDEX
            || kind == PageMapWord.KIND_SKETCH;
    long word = position < before.size() ? before.get(position) : 0;
    if (isMapWord(position) && attached && PageMapWord.kind(word) != kind) {
      return BookImage.reservedByKilled(after.get(position));
    } // else it is a page that was the log's, and its live bytes changed
    return word;
  }

  private boolean isMapWord(long position) {
    long group = geometry.groupOf(geometry.pageOf(position));
    long map = geometry.mapWord(group * geometry.groupPages());
    return position >= map && position < map + 8L * geometry.groupPages();
  }

  /** The dead are marked after the commit. */
  private void unbury(BookImage image) {
    unbury(image, before.get(shard + ShardLayout.OLDEST_SEGMENT_OFFSET));
    unbury(image, before.get(shard + ShardLayout.WINDOW_OFFSET));
  }

  private void unbury(BookImage image, long oldest) {
    long segment = oldest;
    while (segment != 0) {
      int pages = PageMapWord.pages(before.get(geometry.mapWord(geometry.pageOf(segment))));
      long end = segment + geometry.position(pages);
      for (long at = segment + SegmentLayout.HEADER_BYTES; at < end; at += 8) {
        long now = after.get(at);
        boolean isDead = now == RecordLayout.dead(RecordLayout.stamp(now));
        boolean fits = RecordLayout.stamp(now) <= geometry.position(pages);
        if (isDead && fits && now != before.get(at)) {
          image.put(at, before.get(at));
        }
      }
      segment = before.get(segment + SegmentLayout.NEXT_OFFSET);
    }
  }
}
