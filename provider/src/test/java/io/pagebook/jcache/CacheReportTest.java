package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.PageBook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.management.CacheStatisticsMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of a cache, beside those that JMX shows of this JVM. */
class CacheReportTest extends CacheTestBase {
  @TempDir Path directory;

  private static MutableConfiguration<Object, Object> counted() {
    return new MutableConfiguration<>().setStatisticsEnabled(true);
  }

  @Test
  void sizeAndBytesAreThoseOfTheEntries() throws IOException {
    PageBookCache<Object, Object> cache = cache();
    CacheReport empty = cache.report();
    assertThat(empty.entries()).isZero();

    cache.put(1, "x".repeat(100_000));
    cache.put("two", 2);

    CacheReport report = cache.report();
    assertThat(report.entries()).isEqualTo(2);
    assertThat(report.usedBytes() - empty.usedBytes()).isBetween(100_000L, 120_000L);
    assertThat(report.fileBytes()).isEqualTo(Files.size(cache.unwrap(PageBook.class).file()));
    assertThat(report.unreadableRecords()).isZero();
    assertThat(report.damagedRecords()).isZero();
    assertThat(report.gets()).as("statistics are off").isZero();
  }

  @Test
  void beanAndReportAreExactAtOnce() {
    PageBookCache<Object, Object> cache = cache(counted());
    CacheStatisticsMXBean bean = Beans.statistics(cache);
    for (int i = 1; i <= 100; i++) {
      cache.put(i, "v");
      cache.get(i);
      cache.get(-2 - i);
      assertThat(bean.getCachePuts()).isEqualTo(i);
      assertThat(bean.getCacheHits()).isEqualTo(i);
      assertThat(cache.report().puts()).isEqualTo(i);
      assertThat(cache.report().hits()).isEqualTo(i);
      assertThat(cache.report().misses()).isEqualTo(i);
    }
    cache.remove(1);
    assertThat(bean.getCacheRemovals()).isEqualTo(1);
    assertThat(cache.report().removals()).isEqualTo(1);
  }

  @Test
  void clearingTheBeanLeavesTheSum() {
    PageBookCache<Object, Object> cache = cache(counted());
    cache.put(1, "v");
    cache.get(1);
    CacheStatisticsMXBean bean = Beans.statistics(cache);

    bean.clear();

    assertThat(bean.getCachePuts()).isZero();
    assertThat(bean.getCacheGets()).isZero();
    assertThat(cache.report().puts()).isEqualTo(1);
    cache.put(2, "w");
    assertThat(bean.getCachePuts()).isEqualTo(1);
    assertThat(cache.report().puts()).isEqualTo(2);
  }

  @Test
  void closedCachesStayInTheSum() {
    PageBookCacheManager manager = manager(provider, directory);
    for (int i = 1; i <= 20; i++) {
      PageBookCache<Object, Object> cache = manager.createCache("c", counted());
      cache.put(i, "v");
      assertThat(cache.report().puts()).isEqualTo(i);
      assertThat(cache.report().entries()).isEqualTo(i);
      assertThat(Beans.statistics(cache).getCachePuts()).isEqualTo(1);
      cache.close();
      assertThatThrownBy(cache::report).isInstanceOf(IllegalStateException.class);
    }
    manager.destroyCache("c");
    assertThat(manager.createCache("c", counted()).report().puts()).as("a new book").isZero();
  }

  @Test
  void onlyWhatIsCountedIsShared() {
    PageBookCache<Object, Object> cache = cache();
    cache.put(1, "v");
    cache.getCacheManager().enableStatistics("cache", true);
    cache.put(1, "v");
    cache.getCacheManager().enableStatistics("cache", false);
    cache.put(1, "v");
    assertThat(cache.report().puts()).isEqualTo(1);
  }
}
