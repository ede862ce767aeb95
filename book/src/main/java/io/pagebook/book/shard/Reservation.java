package io.pagebook.book.shard;

import io.pagebook.book.layout.BucketLayout;

/**
 * Pages that a writer has reserved without the shard's lock, to be attached to the shard under it.
 * Closing it gives back what was not attached.
 */
final class Reservation implements AutoCloseable {
  private static final long NONE = -1;

  private final StoreContext context;
  private long logPage = NONE;
  private int logPages;
  private long indexPage = NONE;
  private int indexPages;

  Reservation(StoreContext context) {
    this.context = context;
  }

  void reserveLog(int pages) {
    if (logPage == NONE) {
      logPage = context.pool().reserve(pages);
      logPages = pages;
    }
  }

  /**
   * As {@link #reserveLog}, from the last pages of a bounded book too: {@code pages} where they are
   * in a row, else fewer, at the least {@code least}.
   */
  void reserveForCleaning(int pages, int least) {
    for (int wanted = pages; logPage == NONE && wanted > least; wanted /= 2) {
      logPage = context.pool().reserveExistingForUpkeep(wanted);
      logPages = wanted;
    }
    if (logPage == NONE) {
      logPage = context.pool().reserveForUpkeep(least);
      logPages = least;
    }
  }

  /** As {@link #reserveLog}, without growing the file. */
  boolean tryReserveLog(int pages) {
    if (logPage == NONE) {
      logPage = context.pool().reserveExisting(pages);
      logPages = pages;
    }
    return logPage != NONE;
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
  void attach(
      RecordLog log, long recordBytes, IndexSpace indexSpace, Journal journal, long number) {
    if (logPage != NONE && log.roomAtEnd(recordBytes) == 0) {
      log.attach(journal, logPage, logPages, number);
      logPage = NONE;
    }
    if (indexPage != NONE && indexSpace.isUsedUp()) {
      indexSpace.attach(journal, indexPage, indexPages);
      indexPage = NONE;
    }
  }

  boolean isEmpty() {
    return logPage == NONE && indexPage == NONE;
  }

  @Override
  public void close() {
    if (logPage != NONE) {
      context.pool().free(logPage);
    }
    if (indexPage != NONE) {
      context.pool().free(indexPage);
    }
  }
}
