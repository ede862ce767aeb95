package io.pagebook.book.page;

import io.pagebook.book.BookException;
import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.process.SharedLock;
import java.io.IOException;

/** Makes the file longer: zeros first, then the page count that makes them count. */
public final class FileGrowth {
  private static final long MIN_STEP_BYTES = 1 << 18;
  private static final long MAX_STEP_BYTES = 1 << 26;

  /**
   * A book grows by this part of its size, within the bounds above: each step is a mapping more in
   * every process that sees it, and half a step is unused at most times.
   */
  private static final int STEP_SHARE = 128;

  private final PageMemory memory;
  private final Geometry geometry;
  private final SharedLock lock;
  private final long lockTimeoutNanos;

  public FileGrowth(PageMemory memory, Geometry geometry, SharedLock lock, long lockTimeoutNanos) {
    this.memory = memory;
    this.geometry = geometry;
    this.lock = lock;
    this.lockTimeoutNanos = lockTimeoutNanos;
  }

  public long pageCount() {
    return memory.getLongAcquire(BookLayout.PAGE_COUNT_OFFSET);
  }

  /** Whether all pages that are counted are there; false means that the count is damaged. */
  boolean coversAll() {
    long count = pageCount();
    return count > 0
        && count <= Long.MAX_VALUE / geometry.pageBytes()
        && memory.ensureCovers(geometry.position(count) - 1, 1);
  }

  /**
   * Grows the file so that it ends with at least {@code pages} free pages in one group, unless it
   * has grown since the caller saw {@code seenPageCount}.
   *
   * @throws BookException.Full at the book's maximum size, or if the disk is full
   * @throws BookException.Refused if the system refuses for another reason
   */
  void grow(long seenPageCount, int pages) {
    lock.lock(lockTimeoutNanos);
    try {
      long count = pageCount();
      if (count > seenPageCount) {
        return;
      }
      if (!coversAll()) { // else a damaged count would fill the disk
        throw new BookException.Corrupt(
            "the file is shorter than its page count: pageCount="
                + count
                + ", file="
                + memory.path()
                + "; restore a copy");
      }
      long maximum = maximumPages();
      long target = target(count, pages);
      if (maximum != 0 && target > maximum) {
        target = minimalTarget(count, pages);
        if (target > maximum) {
          throw full();
        }
        target = maximum;
      }
      target = append(target, minimalTarget(count, pages));
      if (!memory.ensureCovers(geometry.position(target) - 1, 1)) {
        throw new BookException.Refused(
            "the file is shorter than it was made: file=" + memory.path());
      }
      lock.checkHeld();
      memory.putLongVolatile(BookLayout.PAGE_COUNT_OFFSET, target);
      changeFreePages(geometry.dataPages(target) - geometry.dataPages(count));
    } catch (IOException e) {
      throw failed(seenPageCount, e);
    } finally {
      lock.unlock();
    }
  }

  /** A book that evicts makes room if that is what is missing, and only then. */
  private BookException failed(long pages, IOException e) {
    String what =
        "the file cannot grow: pages="
            + pages
            + ", file="
            + memory.path()
            + ", reason="
            + e.getMessage();
    return PageMemory.isForLackOfRoom(e)
        ? new BookException.Full(what + "; make room on the file system", e)
        : new BookException.Refused(what + "; see what the system says of the file", e);
  }

  /** On a disk without room for a whole step, what is needed may still fit. */
  private long append(long target, long minimum) throws IOException {
    try {
      memory.appendZerosTo(geometry.position(target));
      return target;
    } catch (IOException e) {
      memory.appendZerosTo(geometry.position(minimum));
      return minimum;
    }
  }

  void trim(long count) {
    changeFreePages(geometry.dataPages(count) - geometry.dataPages(pageCount()));
    memory.putLongVolatile(BookLayout.PAGE_COUNT_OFFSET, count);
  }

  /** The maximum size in pages, 0 for none. */
  long maximumPages() {
    return memory.getLongPlain(BookLayout.MAXIMUM_PAGES_OFFSET);
  }

  /**
   * Pages of a bounded book that are free or can still be added: a hint, off by what the dead had
   * not yet told.
   */
  long pagesLeft() {
    return memory.getLongAcquire(BookLayout.FREE_PAGES_OFFSET)
        + geometry.dataPages(maximumPages())
        - geometry.dataPages(pageCount());
  }

  void changeFreePages(long change) {
    if (maximumPages() != 0) {
      long free;
      do {
        free = memory.getLongAcquire(BookLayout.FREE_PAGES_OFFSET);
      } while (!memory.compareAndSetLongCold(BookLayout.FREE_PAGES_OFFSET, free, free + change));
    }
  }

  long freePagesVolatile() {
    return memory.getLongVolatile(BookLayout.FREE_PAGES_OFFSET);
  }

  /** Stores a recount; false if somebody has changed the number meanwhile. */
  boolean setFreePages(long before, long free) {
    return maximumPages() == 0
        || memory.compareAndSetLongCold(BookLayout.FREE_PAGES_OFFSET, before, free);
  }

  private long target(long count, int pages) {
    long step =
        Math.max(MIN_STEP_BYTES, Math.min(MAX_STEP_BYTES, geometry.position(count) / STEP_SHARE));
    return Math.max(minimalTarget(count, pages), count + geometry.pagesFor(step));
  }

  /** The page count that leaves {@code pages} new pages in one group. */
  private long minimalTarget(long count, int pages) {
    long group = geometry.groupOf(count);
    long start = Math.max(count, geometry.firstDataPage(group));
    if (start + pages > (group + 1) * geometry.groupPages()) {
      start = geometry.firstDataPage(group + 1);
    }
    return start + pages;
  }

  BookException full() {
    return new BookException.Full(
        "the book has reached its maximum size: maximumBytes="
            + geometry.position(maximumPages())
            + ", file="
            + memory.path()
            + "; remove records, or create it with a larger maximum size");
  }
}
