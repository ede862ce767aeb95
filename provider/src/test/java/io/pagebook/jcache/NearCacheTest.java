package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.PageBook;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.management.CacheStatisticsMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A cache with a near-cache beside one without, on the same book. */
@SuppressWarnings("JavaUtilDate") // applications still cache them
class NearCacheTest extends CacheTestBase {
  private static final Duration MINUTE = new Duration(TimeUnit.MINUTES, 1);
  private static final Duration FIVE_MINUTES = new Duration(TimeUnit.MINUTES, 5);

  @TempDir Path directory;

  private <K, V> PageBookCache<K, V> near(MutableConfiguration<K, V> configuration) {
    return NearManagers.create(provider, directory).createCache("cache", configuration);
  }

  private PageBookCache<Object, Object> near(int maxEntries, boolean immutableValues) {
    return NearManagers.create(provider, directory, maxEntries, immutableValues)
        .createCache("cache", new MutableConfiguration<>());
  }

  /** The same cache without a near-cache, as another process would have it. */
  private <K, V> PageBookCache<K, V> plain(MutableConfiguration<K, V> configuration) {
    return manager(provider, directory, "io.pagebook.jcache.**")
        .createCache("cache", configuration);
  }

  private static <K, V> MutableConfiguration<K, V> expiring(ExpiryPolicy policy) {
    return new MutableConfiguration<K, V>()
        .setStatisticsEnabled(true)
        .setExpiryPolicyFactory(Recorder.factory(policy));
  }

  /** Runs a read and tells how often it asked the book. */
  private static long bookReads(PageBookCache<?, ?> cache, Runnable read) {
    long before = cache.nearBookReads();
    read.run();
    return cache.nearBookReads() - before;
  }

  @Test
  void repeatedReadsDoNotAskTheBook() {
    PageBookCache<Object, Object> cache = near(new MutableConfiguration<>());
    cache.put("key", "value");

    assertThat(bookReads(cache, () -> assertThat(cache.get("key")).isEqualTo("value"))).isOne();
    assertThat(bookReads(cache, () -> assertThat(cache.get("key")).isEqualTo("value"))).isZero();
    assertThat(cache.get("key")).isSameAs(cache.get("key"));
    assertThat(
            bookReads(
                cache,
                () -> assertThat(cache.getAll(Set.of("key"))).isEqualTo(Map.of("key", "value"))))
        .isZero();
  }

  @Test
  void everyWriteIsSeenAtOnce() {
    PageBookCache<Object, Object> cache = near(new MutableConfiguration<>());
    PageBookCache<Object, Object> other = plain(new MutableConfiguration<>());
    for (PageBookCache<Object, Object> writer : List.of(cache, other)) {
      cache.put("key", "1");
      assertThat(cache.get("key")).isEqualTo("1");
      writer.put("key", "2");
      assertThat(cache.get("key")).isEqualTo("2");
      writer.replace("key", "2", "3");
      assertThat(cache.get("key")).isEqualTo("3");
      writer.invoke(
          "key",
          (entry, arguments) -> {
            entry.setValue("4");
            return null;
          });
      assertThat(cache.get("key")).isEqualTo("4");
      writer.remove("key");
      assertThat(cache.get("key")).isNull();
      writer.put("key", "5");
      assertThat(cache.get("key")).isEqualTo("5");
      writer.clear();
      assertThat(cache.get("key")).isNull();
    }
  }

  /** Another record of the shard was written: the stamp tells that this one was not. */
  @Test
  void anUnchangedRecordIsNotReadAgain() {
    PageBookCache<Object, Object> cache = near(new MutableConfiguration<>());
    cache.put("key", "value");
    Object value = cache.get("key");
    for (int i = 0; i < 1_000; i++) { // some in each shard
      cache.put(i, i);
    }

    assertThat(bookReads(cache, () -> assertThat(cache.get("key")).isSameAs(value))).isOne();
    assertThat(bookReads(cache, () -> assertThat(cache.get("key")).isSameAs(value))).isZero();
  }

  @Test
  void hitsAndMissesAreCountedExactly() {
    PageBookCache<Object, Object> cache =
        near(new MutableConfiguration<>().setStatisticsEnabled(true));
    CacheStatisticsMXBean statistics = Beans.statistics(cache);
    cache.get("key");
    cache.put("key", "value");
    for (int i = 0; i < 100; i++) {
      cache.get("key");
    }
    cache.remove("key");
    cache.get("key");

    // after the removal two: for the record that was kept, then for another one
    assertThat(cache.nearBookReads()).isEqualTo(4);
    assertThat(statistics.getCacheHits()).isEqualTo(100);
    assertThat(statistics.getCacheMisses()).isEqualTo(2);
  }

  @Test
  void anExpiredEntryIsAMiss() {
    PageBookCache<Object, Object> cache = near(expiring(new CreatedExpiryPolicy(MINUTE)));
    CacheStatisticsMXBean statistics = Beans.statistics(cache);
    cache.put("key", "value");
    cache.get("key");
    clock.advance(java.time.Duration.ofMillis(59_999));
    assertThat(bookReads(cache, () -> assertThat(cache.get("key")).isEqualTo("value"))).isZero();
    clock.advance(java.time.Duration.ofMillis(1));

    assertThat(cache.get("key")).isNull();
    assertThat(cache.get("key")).isNull();
    assertThat(statistics.getCacheHits()).isEqualTo(2);
    assertThat(statistics.getCacheMisses()).isEqualTo(2);
  }

  /** The expiry changes in place: the record keeps its stamp. */
  @Test
  void anExpiryThatAnotherChangesHolds() {
    PageBookCache<Object, Object> cache = near(expiring(new CreatedExpiryPolicy(MINUTE)));
    PageBookCache<Object, Object> longer = plain(expiring(new TouchedExpiryPolicy(FIVE_MINUTES)));
    cache.put("key", "value");
    Object value = cache.get("key");
    longer.get("key");
    clock.advance(java.time.Duration.ofMinutes(2));
    assertThat(cache.get("key")).isSameAs(value);
    assertThat(bookReads(cache, () -> assertThat(cache.get("key")).isSameAs(value))).isZero();
    longer.close();

    PageBookCache<Object, Object> shorter = plain(expiring(new AccessedExpiryPolicy(MINUTE)));
    shorter.get("key");
    assertThat(cache.get("key")).isSameAs(value);
    clock.advance(java.time.Duration.ofMinutes(1));
    assertThat(cache.get("key")).isNull();
  }

  @Test
  void aPolicyThatListensToAccessHearsOfEachRead() {
    PageBookCache<Object, Object> cache = near(expiring(new AccessedExpiryPolicy(MINUTE)));
    cache.put("key", "value");
    for (int i = 0; i < 10; i++) {
      assertThat(cache.get("key")).isEqualTo("value");
      clock.advance(java.time.Duration.ofSeconds(50));
    }
    clock.advance(java.time.Duration.ofSeconds(10));
    assertThat(cache.get("key")).isNull();
    assertThat(cache.nearBookReads()).isZero();
  }

  @Test
  void aLoadedValueIsKept() {
    CacheLoader<Object, Object> loader =
        new CacheLoader<>() {
          @Override
          public Object load(Object key) {
            return "loaded";
          }

          @Override
          public Map<Object, Object> loadAll(Iterable<?> keys) {
            throw new UnsupportedOperationException();
          }
        };
    PageBookCache<Object, Object> cache =
        near(
            new MutableConfiguration<>()
                .setReadThrough(true)
                .setCacheLoaderFactory(Recorder.factory(loader)));
    assertThat(cache.get("key")).isEqualTo("loaded");
    assertThat(cache.get("key")).isEqualTo("loaded");
    assertThat(bookReads(cache, () -> assertThat(cache.get("key")).isEqualTo("loaded"))).isZero();
  }

  static Stream<Object> mutableValues() {
    return Stream.of(new byte[] {1, 2}, new Date(1), new ArrayList<>(List.of("a")), new Holder());
  }

  @ParameterizedTest
  @MethodSource("mutableValues")
  void mutableValuesAreNotShared(Object value) {
    PageBookCache<Object, Object> cache = near(new MutableConfiguration<>());
    cache.put("key", value);
    for (int i = 0; i < 3; i++) {
      Object seen = cache.get("key");
      assertThat(seen).isNotSameAs(value);
      change(seen);
    }
    assertThat(cache.get("key")).usingRecursiveComparison().isEqualTo(value);
    assertThat(cache.nearBookReads()).isEqualTo(4);
  }

  @ParameterizedTest
  @MethodSource("mutableValues")
  void valuesThatAreDeclaredImmutableAre(Object value) {
    PageBookCache<Object, Object> cache = near(10, true);
    cache.put("key", value);
    Object seen = cache.get("key");
    assertThat(seen).isNotSameAs(value);
    assertThat(cache.get("key")).isSameAs(seen);
  }

  /** The near-cache holds the value of an earlier record, of a class that it may keep. */
  @Test
  void aMutableValueReplacesAnImmutableOne() {
    PageBookCache<Object, Object> cache = near(new MutableConfiguration<>());
    cache.put("key", "immutable");
    cache.get("key");
    cache.put("key", new byte[] {1});
    assertThat(cache.get("key")).isEqualTo(new byte[] {1});
    assertThat(bookReads(cache, () -> cache.get("key"))).isOne();
  }

  private static void change(Object value) {
    if (value instanceof byte[] bytes) {
      bytes[0]++;
    } else if (value instanceof Date date) {
      date.setTime(date.getTime() + 1);
    } else if (value instanceof List<?> list) {
      list.clear();
    } else if (value instanceof Holder holder) {
      holder.number++;
    }
  }

  static Stream<List<Object>> mutableKeys() {
    return Stream.of(
        List.of(new byte[] {1, 2}, new byte[] {1, 2}),
        List.of(new Date(1), new Date(1)),
        List.of(new ArrayList<>(List.of("a")), new ArrayList<>(List.of("a"))));
  }

  @ParameterizedTest
  @MethodSource("mutableKeys")
  void mutableKeysAreKeptByValue(List<Object> equalKeys) {
    PageBookCache<Object, Object> cache = near(new MutableConfiguration<>());
    Object key = equalKeys.get(0);
    cache.put(key, "value");
    assertThat(cache.get(key)).isEqualTo("value");
    change(key);
    assertThat(cache.get(key)).isNull();
    assertThat(bookReads(cache, () -> assertThat(cache.get(equalKeys.get(1))).isEqualTo("value")))
        .isZero();
  }

  /** Two keys whose bytes have the same hash. */
  @Test
  void keysWithEqualHashesAreToldApart() {
    PageBookCache<Object, Object> cache = near(new MutableConfiguration<>());
    byte[] one = {0, 31};
    byte[] other = {1, 0};
    cache.put(one, "one");
    cache.put(other, "other");
    for (int i = 0; i < 2; i++) {
      assertThat(cache.get(one)).isEqualTo("one");
      assertThat(cache.get(other)).isEqualTo("other");
    }
    assertThat(cache.nearBookReads()).isEqualTo(2);
  }

  @Test
  void itHoldsNoMoreThanItMay() {
    PageBookCache<Object, Object> cache = near(10, false);
    for (int i = 0; i < 1_000; i++) {
      cache.put(i, i);
      cache.get(i);
    }
    long asked =
        bookReads(
            cache,
            () -> {
              for (int i = 0; i < 1_000; i++) {
                assertThat(cache.get(i)).isEqualTo(i);
              }
            });
    assertThat(asked).isGreaterThanOrEqualTo(900);
  }

  @Test
  void aVacuumIsFollowed() {
    PageBookCache<Object, Object> cache = near(new MutableConfiguration<>());
    PageBookCache<Object, Object> other = plain(new MutableConfiguration<>());
    for (int i = 0; i < 3; i++) {
      other.put("large", "x".repeat(5_000_000));
      other.remove("large");
      other.put("key", "before " + i);
      assertThat(cache.get("key")).isEqualTo("before " + i);
      assertThat(cache.get("key")).isEqualTo("before " + i);
      assertThat(other.unwrap(PageBook.class).vacuum()).isPositive();
      other.put("key", "after " + i);
      assertThat(cache.get("key")).isEqualTo("after " + i);
    }
  }

  @Test
  void aDestroyedOrClosedCacheServesNothing() {
    PageBookCache<Object, Object> cache = near(new MutableConfiguration<>());
    PageBookCache<Object, Object> other = plain(new MutableConfiguration<>());
    cache.put("key", "value");
    cache.get("key");
    assertThat(bookReads(cache, () -> cache.get("key"))).isZero();
    other.getCacheManager().destroyCache("cache");

    assertThatThrownBy(() -> cache.get("key")).isInstanceOf(IllegalStateException.class);
    Cache<Object, Object> next = plain(new MutableConfiguration<>());
    next.put("key", "of the next book");
    assertThatThrownBy(() -> cache.get("key")).isInstanceOf(IllegalStateException.class);
    cache.close();
    assertThatThrownBy(() -> cache.get("key"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aClosedBookServesNothing() {
    PageBookCache<Object, Object> cache = near(new MutableConfiguration<>());
    cache.put("key", "value");
    cache.get("key");
    cache.unwrap(PageBook.class).close();
    assertThatThrownBy(() -> cache.get("key")).isInstanceOf(IllegalStateException.class);
  }

  /** A value that anybody can change. */
  static final class Holder implements Serializable {
    private static final long serialVersionUID = 1L;

    int number = 1;
  }
}
