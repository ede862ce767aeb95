package io.pagebook.jcache;

import io.pagebook.book.BookException;
import io.pagebook.book.PageBook;
import io.pagebook.book.RecordStore;
import io.pagebook.jcache.home.CacheHeader;
import io.pagebook.jcache.management.CacheStatistics;

/**
 * Figures of one cache at one moment, from {@link PageBookCache#report()}.
 *
 * <p>The sums are over all JVMs that ever opened the cache, those that have closed it or were
 * killed included, and go on when the machine is started anew. Only what was counted while
 * statistics were enabled is in them; evictions are counted always. This JVM's part, and that of
 * caches that were closed, is exact; other JVMs' parts are up to about a second old; of a JVM that
 * was killed, what it counted in its last second may be missing. {@link
 * javax.cache.management.CacheStatisticsMXBean#clear()} leaves them as they are. Destroying the
 * cache ends them.
 *
 * @param entries number of entries, expired ones that were not met since included
 * @param usedBytes bytes of all entries with their headers, without index and unused space
 * @param fileBytes length of the book's file
 * @param unreadableRecords how often this cache object met a key or value that it could not make an
 *     object of, and took for absent
 * @param damagedRecords how often it met a record whose bytes were damaged, and took it for absent
 * @param hits sum of hits
 * @param misses sum of misses
 * @param puts sum of puts
 * @param removals sum of removals
 * @param evictions sum of evictions
 */
public record CacheReport(
    long entries,
    long usedBytes,
    long fileBytes,
    long unreadableRecords,
    long damagedRecords,
    long hits,
    long misses,
    long puts,
    long removals,
    long evictions) {

  /**
   * @throws BookException if the book cannot be read
   */
  static CacheReport of(PageBook book, long unreadableRecords) {
    RecordStore records = book.records();
    long[] sums = records.counters();
    return new CacheReport(
        records.count() - (CacheHeader.isIn(records) ? 1 : 0),
        records.usedBytes(),
        book.fileBytes(),
        unreadableRecords,
        records.damagedRecords(),
        sums[CacheStatistics.HITS],
        sums[CacheStatistics.MISSES],
        sums[CacheStatistics.PUTS],
        sums[CacheStatistics.REMOVALS],
        sums[CacheStatistics.EVICTIONS]);
  }

  /** Sum of hits and misses. */
  public long gets() {
    return hits + misses;
  }
}
