package io.pagebook.book.shard;

import io.pagebook.book.layout.BucketLayout;
import org.jspecify.annotations.Nullable;

/**
 * Pages that a writer has reserved without the shard's lock, to be attached to the shard under it.
 * Closing it gives back what was not attached.
 */
final class Reservation implements AutoCloseable {
  private static final long NONE = -1;

  /**
   * Before the file grows for a segment, a run of this part of what is wanted is taken: the ends of
   * groups are short, and so are the runs that a log's early segments leave.
   */
  private static final int SHORT_SHARE = 4;

  /** A short segment holds so many of the records that it is needed for: else its end is wasted. */
  private static final int RECORDS_IN_SHORT = 8;

  private final StoreContext context;
  private long logPage = NONE;
  private int logPages;
  private long indexPage = NONE;
  private int indexPages;
  private long sketchPage = NONE;
  private int sketchPages;
  private @Nullable RecordLog neededLog;
  private long neededBytes;

  Reservation(StoreContext context) {
    this.context = context;
    context.beginReserving();
  }

  /** Reserves a segment of {@code pages} for a log that lacks room for {@code bytes}. */
  void reserveLog(RecordLog log, long bytes, int pages) {
    if (keepFor(log, bytes)) {
      return;
    }
    logPages = pages;
    logPage = context.pool().reserveExisting(pages);
    int shorter = pages / SHORT_SHARE;
    if (logPage == NONE && shorter >= log.leastPages(RECORDS_IN_SHORT * bytes)) {
      logPages = shorter;
      logPage = context.pool().reserveExisting(shorter);
    }
    if (logPage == NONE) {
      logPages = pages;
      logPage = context.pool().reserve(pages);
    }
  }

  /**
   * As {@link #reserveLog}, from the last pages of a bounded book too: as many as are in a row, at
   * the least what the record needs.
   */
  void reserveForCleaning(RecordLog log, long bytes) {
    if (keepFor(log, bytes)) {
      return;
    }
    int least = log.leastPages(bytes);
    for (int wanted = log.segmentPages(bytes); logPage == NONE && wanted > least; wanted /= 2) {
      logPage = context.pool().reserveExistingForUpkeep(wanted);
      logPages = wanted;
    }
    if (logPage == NONE) {
      logPage = context.pool().reserveForUpkeep(least);
      logPages = least;
    }
  }

  /** As {@link #reserveLog}, the smallest segment that will do, without growing the file. */
  boolean tryReserveLog(RecordLog log, long bytes) {
    if (!keepFor(log, bytes)) {
      logPages = log.leastPages(bytes);
      logPage = context.pool().reserveExisting(logPages);
    }
    return logPage != NONE;
  }

  /** Whether pages that were reserved before will do; else they are given back. */
  private boolean keepFor(RecordLog log, long bytes) {
    neededLog = log;
    neededBytes = bytes;
    if (logPage != NONE && logPages < log.leastPages(bytes)) {
      long page = logPage;
      logPage = NONE;
      context.pool().free(page);
    }
    return logPage != NONE;
  }

  void reserveSketch(int pages) {
    if (sketchPage == NONE) {
      sketchPage = context.pool().reserveForUpkeep(pages);
      sketchPages = pages;
    }
  }

  /** Index pages hold zeros before they are attached: an empty slot is a zero. */
  void reserveIndex() {
    if (indexPage == NONE) {
      indexPages = context.geometry().pagesFor(BucketLayout.CHUNK_BYTES);
      indexPage = context.pool().reserveForUpkeep(indexPages);
      context
          .memory()
          .zero(context.geometry().position(indexPage), context.geometry().position(indexPages));
    }
  }

  /** Gives the pages to the shard, as far as it still lacks them; under its lock. */
  void attach(IndexSpace indexSpace, FrequencySketch sketch, Journal journal) {
    // No longer ours before it is the shard's: who fails between leaks it, to be found by a
    // recount.
    if (logPage != NONE && neededLog != null && neededLog.roomAtEnd(neededBytes) == 0) {
      long page = logPage;
      logPage = NONE;
      neededLog.attach(journal, page, logPages);
    }
    if (indexPage != NONE && indexSpace.isUsedUp()) {
      long page = indexPage;
      indexPage = NONE;
      indexSpace.attach(journal, page, indexPages);
    }
    if (sketchPage != NONE && sketch.wantedPages() == sketchPages) {
      long page = sketchPage;
      sketchPage = NONE;
      sketch.attach(journal, page, sketchPages);
    }
  }

  boolean isEmpty() {
    return logPage == NONE && indexPage == NONE && sketchPage == NONE;
  }

  @Override
  public void close() {
    try {
      if (logPage != NONE) {
        context.pool().free(logPage);
      }
      if (indexPage != NONE) {
        context.pool().free(indexPage);
      }
      if (sketchPage != NONE) {
        context.pool().free(sketchPage);
      }
    } finally {
      context.self().reserving().end();
    }
  }
}
