package io.pagebook.book;

import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.shard.ExtentClaims;
import io.pagebook.book.shard.Violations;
import java.util.BitSet;

/** Holds what the shards claim against what the page map says, page by page. */
final class PageCensus implements ExtentClaims {

  private final BookFile file;
  private final Geometry geometry;
  private final long pages;
  private final BitSet claimed = new BitSet();
  private long free;
  private long reserved;

  PageCensus(BookFile file) {
    this.file = file;
    this.geometry = file.geometry();
    this.pages = file.pool().pageCount();
    file.memory().ensureCovers(geometry.position(pages) - 1, 1);
  }

  long free() {
    return free;
  }

  long reserved() {
    return reserved;
  }

  @Override
  public void claim(long first, int count, int kind, int shard, Violations violations) {
    if (first < 0 || first + count > pages) {
      violations.add(
          "an extent lies outside the file: page="
              + first
              + ", pages="
              + count
              + ", shard="
              + shard);
      return;
    }
    boolean log = kind == PageMapWord.KIND_LOG; // its shard compares the live bytes
    long word = log ? PageMapWord.withoutLiveBytes(word(first)) : word(first);
    if (word != PageMapWord.owned(kind, count, shard)) {
      violations.add(
          "the page map does not give an extent to its user: page="
              + first
              + ", pages="
              + count
              + ", kind="
              + kind
              + ", shard="
              + shard
              + ", word="
              + Long.toHexString(word));
    }
    for (long page = first; page < first + count; page++) {
      if (claimed.get((int) page)) {
        violations.add("a page has two users: page=" + page + ", shard=" + shard);
      }
      claimed.set((int) page);
      long distance = page - first;
      if (distance != 0
          && (log
              ? PageMapWord.withoutLiveBytes(word(page)) != PageMapWord.logTail(distance, shard)
              : word(page) != PageMapWord.tail(distance))) {
        violations.add(
            "a page does not point to the start of its extent: page=" + page + ", first=" + first);
      }
    }
  }

  /** Every page is a header or map page, or free, or reserved by the living, or claimed. */
  void finish(Violations violations) {
    for (long group = 0; group * geometry.groupPages() < pages; group++) {
      long end = Math.min(geometry.endOfGroup(group), pages);
      for (long page = geometry.firstDataPage(group); page < end; page++) {
        look(page, end, violations);
      }
    }
  }

  private void look(long page, long end, Violations violations) {
    if (claimed.get((int) page)) {
      return;
    }
    long word = word(page);
    int kind = PageMapWord.kind(word);
    if (word == PageMapWord.FREE) {
      free++;
    } else if (kind == PageMapWord.KIND_RESERVED
        && file.participants().isAlive(PageMapWord.slot(word), PageMapWord.incarnation(word))) {
      reserved += 1;
      long last = Math.min(end, page + PageMapWord.pages(word));
      for (long tail = page + 1; tail < last; tail++) {
        if (PageMapWord.isTail(word(tail), tail - page)) {
          claimed.set((int) tail);
          reserved++;
        }
      }
    } else {
      violations.add(
          "a page is neither free nor used: page="
              + page
              + ", kind="
              + kind
              + ", word="
              + Long.toHexString(word));
    }
  }

  private long word(long page) {
    return file.memory().getLongAcquire(geometry.mapWord(page));
  }
}
