package io.pagebook.book.page;

import io.pagebook.book.BookException;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.process.Participant;
import io.pagebook.book.process.ParticipantTable;
import java.util.function.LongPredicate;

/**
 * The pages that belong to nobody. A run of pages is taken and given back by compare-and-set on the
 * page map, without a lock: the first page's word tells the owner from the first step to the last,
 * so that whoever finds a dead owner's word can tell which pages to free. Thread- and process-safe.
 */
public final class PagePool {
  /**
   * A hint holds a version above these bits and, in them, the longest free run plus one; 0 is
   * unknown.
   */
  private static final int HINT_RUN_BITS = 20;

  /**
   * What a bounded book keeps back for its upkeep: so many pages, but no more than this share of
   * it.
   */
  private static final int SPARE_SHARE = 16;

  private static final int NEARLY_FULL_SHARE = 8;

  /** How often the free pages are counted where others change their number meanwhile. */
  private static final int RECOUNTS = 10;

  private static final long HINT_RUN_MASK = (1L << HINT_RUN_BITS) - 1;

  private final PageMemory memory;
  private final Geometry geometry;
  private final FileGrowth growth;
  private final Participant self;

  /** Where this process last found pages; a hint, so that full groups are not searched again. */
  private volatile long startGroup;

  private volatile boolean mayHaveLeaked;

  public PagePool(PageMemory memory, Geometry geometry, FileGrowth growth, Participant self) {
    this.memory = memory;
    this.geometry = geometry;
    this.growth = growth;
    this.self = self;
  }

  /**
   * Reserves a run of pages for records, growing the file where there is none. A bounded book keeps
   * some pages back for its upkeep.
   *
   * @param pages at most {@link Geometry#maxExtentPages()}
   * @return the first page of the run
   * @throws io.pagebook.book.BookException.Full if there is no room and can be made none
   */
  public long reserve(int pages) {
    if (!hasRoomFor(pages)) {
      throw growth.full();
    }
    return reserveForUpkeep(pages);
  }

  /**
   * As {@link #reserve}, from the last pages too: for the index, and for cleaning, which gives more
   * than it takes.
   */
  public long reserveForUpkeep(int pages) {
    while (true) {
      long count = growth.pageCount();
      long found = search(pages, count);
      if (found >= 0) {
        return found;
      }
      growth.grow(count, pages);
      startGroup = geometry.groupOf(count);
    }
  }

  /** As {@link #reserveForUpkeep} but -1 where the file would have to grow. */
  public long reserveExistingForUpkeep(int pages) {
    return search(pages, growth.pageCount());
  }

  /** As {@link #reserve} but -1 where the file would have to grow. */
  public long reserveExisting(int pages) {
    return hasRoomFor(pages) ? search(pages, growth.pageCount()) : -1;
  }

  /** Whether a bounded book has come so near to its maximum that room is no longer to be had. */
  public boolean isNearlyFull() {
    long maximum = growth.maximumPages();
    return maximum != 0 && growth.pagesLeft() < maximum / NEARLY_FULL_SHARE;
  }

  /** Pages of a bounded book that are free or can still be added; a hint. */
  public long pagesLeft() {
    return growth.pagesLeft();
  }

  /** Whether a bounded book would have {@code pages} for records; a hint, and not all in a row. */
  public boolean hasRoomFor(long pages) {
    long maximum = growth.maximumPages();
    return maximum == 0 || growth.pagesLeft() - pages >= maximum / SPARE_SHARE;
  }

  private long search(int pages, long pageCount) {
    long groups = geometry.groupOf(pageCount - 1) + 1;
    long start = Math.min(startGroup, groups - 1);
    for (long i = 0; i < groups; i++) {
      long group = start + i < groups ? start + i : start + i - groups;
      long page = searchGroup(group, pages, pageCount);
      if (page >= 0) {
        startGroup = group;
        return page;
      }
    }
    return -1;
  }

  private long searchGroup(long group, int pages, long pageCount) {
    long first = geometry.firstDataPage(group);
    long wholeEnd = geometry.endOfGroup(group);
    long end = Math.min(wholeEnd, pageCount);
    if (first >= end || !memory.ensureCovers(geometry.mapWord(end - 1), Long.BYTES)) {
      return -1;
    }
    long hintPosition = geometry.searchHint(group);
    long hint = memory.getLongAcquire(hintPosition);
    long bound = hint & HINT_RUN_MASK;
    if (bound != 0 && pages > bound - 1) {
      return -1;
    }
    long longest = 0;
    long run = 0;
    for (long page = first; page < end; page++) {
      run = memory.getLongAcquire(geometry.mapWord(page)) == PageMapWord.FREE ? run + 1 : 0;
      longest = Math.max(longest, run);
      if (run == pages) {
        if (take(page - pages + 1, pages)) {
          return page - pages + 1;
        }
        run = 0;
      }
    }
    if (end == wholeEnd) {
      memory.compareAndSetLong(
          hintPosition, hint, (hint & ~HINT_RUN_MASK) + (1L << HINT_RUN_BITS) + longest + 1);
    }
    return -1;
  }

  private boolean take(long first, int pages) {
    long word = PageMapWord.reserved(pages, self.slot(), self.incarnation());
    if (!memory.compareAndSetLong(geometry.mapWord(first), PageMapWord.FREE, word)) {
      return false;
    }
    for (int i = 1; i < pages; i++) {
      if (!memory.compareAndSetLong(
          geometry.mapWord(first + i), PageMapWord.FREE, PageMapWord.tail(i))) {
        unmark(first, word);
        return false;
      }
    }
    growth.changeFreePages(-pages);
    if (!memory.ensureCovers(geometry.position(first), geometry.position(pages))) {
      throw new BookException.Corrupt(
          "the file is shorter than its page count: page=" + first + ", file=" + memory.path());
    }
    // What was here before is unlinked everywhere: no store of the new owner may move before that.
    PageMemory.releaseFence();
    return true;
  }

  /** Frees a run that this process has reserved. */
  public void free(long first) {
    long word = memory.getLongAcquire(geometry.mapWord(first));
    if (PageMapWord.kind(word) == PageMapWord.KIND_RESERVED
        && PageMapWord.slot(word) == self.slot()
        && PageMapWord.incarnation(word) == self.incarnation()) {
      giveBack(first, word);
    }
  }

  /**
   * Frees an extent if its first word still is {@code word}: afterwards, and if it was not, it is
   * no longer the owner's.
   */
  public void freeOwned(long first, long word) {
    long reserved = PageMapWord.reserved(PageMapWord.pages(word), self.slot(), self.incarnation());
    if (memory.compareAndSetLong(geometry.mapWord(first), word, reserved)) {
      giveBack(first, reserved);
    }
  }

  private void giveBack(long first, long word) {
    unmark(first, word);
    growth.changeFreePages(PageMapWord.pages(word));
  }

  /** Tails first, so that the first word tells about them as long as one is left. */
  private void unmark(long first, long word) {
    int pages = PageMapWord.pages(word);
    long group = geometry.groupOf(first);
    long end = Math.min(first + pages, geometry.endOfGroup(group));
    for (long page = first + 1; page < end; page++) {
      long tail = memory.getLongAcquire(geometry.mapWord(page));
      if (PageMapWord.isTail(tail, page - first)) {
        memory.compareAndSetLong(geometry.mapWord(page), tail, PageMapWord.FREE);
      }
    }
    memory.compareAndSetLong(geometry.mapWord(first), word, PageMapWord.FREE);
    forgetHint(group);
    if (group < startGroup) {
      startGroup = group;
    }
  }

  private void forgetHint(long group) {
    long position = geometry.searchHint(group);
    long hint;
    do {
      hint = memory.getLongAcquire(position);
    } while (!memory.compareAndSetLongCold(
        position, hint, (hint & ~HINT_RUN_MASK) + (1L << HINT_RUN_BITS)));
  }

  /**
   * Notes that a thread failed and may have left pages reserved: by an error anywhere, not by a
   * refusal, which gives back what it took.
   */
  public void suspectLeak(Throwable failure) {
    mayHaveLeaked |=
        !(failure instanceof BookException) || failure instanceof BookException.Corrupt;
  }

  public boolean mayHaveLeaked() {
    return mayHaveLeaked;
  }

  /**
   * Frees what this participant has reserved and not handed on; when none of its threads is at work
   * any more.
   */
  public void freeReservedBySelf() {
    freeReserved(self.slot(), incarnation -> incarnation == self.incarnation());
  }

  /** Frees what earlier incarnations of a slot had reserved. */
  public void freeReservedBy(int slot, ParticipantTable participants) {
    freeReserved(slot, incarnation -> !participants.isCurrent(slot, incarnation));
  }

  private void freeReserved(int slot, LongPredicate incarnations) {
    long pageCount = growth.pageCount();
    if (!growth.coversAll()) {
      return; // damaged: nothing here can be believed, and nothing is to be freed
    }
    // A recount beside the changes of others would lose one: then it is for the next.
    for (int i = 0; i < RECOUNTS; i++) {
      long before = growth.freePagesVolatile();
      if (growth.setFreePages(before, freeReserved(slot, incarnations, pageCount))) {
        return;
      }
    }
  }

  /** The number of free pages, those that are freed here included. */
  private long freeReserved(int slot, LongPredicate incarnations, long pageCount) {
    long free = 0;
    for (long group = 0; group * geometry.groupPages() < pageCount; group++) {
      long end = Math.min(geometry.endOfGroup(group), pageCount);
      for (long page = geometry.firstDataPage(group); page < end; page++) {
        long word = memory.getLongAcquire(geometry.mapWord(page));
        if (PageMapWord.kind(word) == PageMapWord.KIND_RESERVED
            && PageMapWord.slot(word) == slot
            && incarnations.test(PageMapWord.incarnation(word))) {
          unmark(page, word);
          word = PageMapWord.FREE; // the tails, which come next, are counted as they are met
        }
        free += word == PageMapWord.FREE ? 1 : 0;
      }
      forgetHint(group); // the dead one may have freed pages and not told
    }
    return free;
  }

  /** Whether anybody has pages reserved, which he will give back or to a shard. Looks at all. */
  public boolean isAnyReserved() {
    long pageCount = growth.pageCount();
    for (long group = 0; growth.coversAll() && group * geometry.groupPages() < pageCount; group++) {
      long end = Math.min(geometry.endOfGroup(group), pageCount);
      for (long page = geometry.firstDataPage(group); page < end; page++) {
        long word = memory.getLongAcquire(geometry.mapWord(page));
        if (PageMapWord.kind(word) == PageMapWord.KIND_RESERVED) {
          return true;
        }
      }
    }
    return false;
  }

  /** The number of pages up to the last one in use. */
  public long usedPageCount() {
    long page = growth.pageCount();
    long first = geometry.smallestPageCount();
    while (page > first
        && (page - 1 < geometry.firstDataPage(geometry.groupOf(page - 1))
            || memory.getLongAcquire(geometry.mapWord(page - 1)) == PageMapWord.FREE)) {
      page--;
    }
    return page;
  }

  /**
   * Forgets the pages from {@code count} on, which are free; for a file that nobody else can see.
   */
  public void trim(long count) {
    growth.trim(count);
  }

  /** Counts the free pages anew; for a file that nobody else can see. */
  public void recountFree() {
    long free = 0;
    long pageCount = growth.pageCount();
    for (long page = geometry.smallestPageCount(); page < pageCount; page++) {
      boolean data = page >= geometry.firstDataPage(geometry.groupOf(page));
      free += data && memory.getLongAcquire(geometry.mapWord(page)) == PageMapWord.FREE ? 1 : 0;
    }
    growth.setFreePages(growth.freePagesVolatile(), free);
  }

  /** The maximum size of the book in pages, 0 for none. */
  public long maximumPages() {
    return growth.maximumPages();
  }

  public long pageCount() {
    return growth.pageCount();
  }
}
