package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.BookException;
import io.pagebook.book.PageBook;
import io.pagebook.jcache.shop.Order;
import io.pagebook.jcache.shop.OrderListener;
import io.pagebook.jcache.shop.OrderWriterFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sample document, element by element. */
class XmlConfigurationTest extends DocumentTestBase {

  @BeforeEach
  void forget() {
    System.setProperty(BOOKS, parent.toString());
    OrderWriterFactory.WRITTEN.clear();
    OrderListener.CHANGES.clear();
  }

  @Test
  void itsCachesExistAtOnce() {
    PageBookCacheManager manager = sample();

    assertThat(manager.getCacheNames()).containsExactlyInAnyOrder("orders", "names", "pictures");
    assertThat(manager.getCache("orders", Long.class, Order.class)).isNotNull();
    assertThat(manager.getCache("names", Long.class, String.class)).isNotNull();
    assertThat(manager.getCache("pictures", String.class, byte[].class)).isNotNull();
    assertThat(manager.<Object, Object>getCache("orders")).isNotNull();
    assertThat(sample()).isSameAs(manager);
  }

  @Test
  void theSchemaLabelIsADirectory() {
    Path book = sample().getCache("names").unwrap(PageBook.class).file();

    assertThat(book).isEqualTo(parent.resolve("schema=v2").resolve("names.book"));
  }

  @Test
  void customizationsAreAtWork() {
    Cache<Long, Order> orders = sample().getCache("orders");

    assertThat(orders.get(7L)).isEqualTo(new Order(7, 7)); // read through
    orders.put(7L, new Order(7, 1700));
    orders.put(7L, new Order(7, 50)); // filtered out

    assertThat(OrderWriterFactory.WRITTEN).containsExactly(new Order(7, 1700), new Order(7, 50));
    assertThat(OrderListener.CHANGES).containsExactly("7>1700");
    assertThat(Beans.isRegistered("CacheStatistics", orders)).isTrue();
    assertThat(Beans.isRegistered("CacheConfiguration", orders)).isTrue();
    assertThat(Beans.isRegistered("CacheConfiguration", sample().getCache("names"))).isFalse();
  }

  @Test
  void templatesAreInheritedAndOverridden() {
    Cache<Long, Order> orders = sample().getCache("orders");
    Cache<Long, String> names = sample().getCache("names");
    Cache<String, byte[]> pictures = sample().getCache("pictures");
    orders.put(1L, new Order(1, 100));
    names.put(1L, "Ada");
    pictures.put("p", new byte[] {1});

    clock.advance(Duration.ofMinutes(10).minusMillis(1));
    assertThat(orders.containsKey(1L)).isTrue();
    clock.advance(Duration.ofMillis(1));
    assertThat(orders.containsKey(1L)).isFalse();
    clock.advance(Duration.ofDays(1));
    assertThat(names.get(1L)).isEqualTo("Ada");
    assertThat(pictures.containsKey("p")).isFalse();
  }

  @Test
  void booksAreOpenedAsConfigured() {
    PageBook orders = sample().getCache("orders").unwrap(PageBook.class);

    assertThat(orders.pageSizeBytes()).isEqualTo(8192);
    assertThat(orders.maximumSizeBytes()).isEqualTo(256L << 20);
    assertThat(orders.fileBytes()).isBetween(1L << 20, 2L << 20);
    assertThat(sample().getCache("names").unwrap(PageBook.class).maximumSizeBytes()).isZero();
  }

  @Test
  void cachesCreatedInCodeTakeTheDefault() {
    Cache<Object, Object> extra = sample().createCache("extra", new MutableConfiguration<>());

    assertThat(extra.unwrap(PageBook.class).maximumSizeBytes()).isEqualTo(64L << 20);
    extra.put("k", new Order(1, 1)); // allowed by the document
    assertThat(extra.get("k")).isEqualTo(new Order(1, 1));
  }

  @Test
  void aCacheOfTheDocumentExists() {
    assertThatThrownBy(() -> sample().createCache("names", new MutableConfiguration<>()))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("cache exists: cache=names");
  }

  @Test
  void destroyingOneDeletesItsBook() {
    Path book = sample().getCache("names").unwrap(PageBook.class).file();
    assertThat(book).exists();

    sample().destroyCache("names");

    assertThat(book).doesNotExist();
    assertThat(sample().getCacheNames()).containsExactlyInAnyOrder("orders", "pictures");
    sample().close();
    assertThat(sample().getCacheNames()).hasSize(3);
  }

  @Test
  void entriesOutliveTheManager() {
    sample().<Long, String>getCache("names").put(1L, "Ada");
    sample().close();

    assertThat(sample().<Long, String>getCache("names").get(1L)).isEqualTo("Ada");
    assertThat(List.copyOf(OrderWriterFactory.WRITTEN)).isEmpty();
  }

  @Test
  void capacityIsKept() {
    PageBookCacheManager manager = provider.getCacheManager(resource("capacity.xml"), null);
    Cache<Integer, String> evicting = manager.getCache("evicting");
    Cache<Integer, String> failing = manager.getCache("failing");
    for (int key = 0; key < 1000; key++) {
      evicting.put(key, "value " + key);
      assertThat(evicting.get(key)).isEqualTo("value " + key);
      if (key < 100) {
        failing.put(key, "value " + key);
      }
    }

    assertThat(evicting).hasSize(100);
    assertThat(evicting.unwrap(PageBook.class).records().evictions()).isEqualTo(900);
    assertThat(evicting.unwrap(PageBookCache.class).report().evictions()).isEqualTo(900);
    assertThatThrownBy(() -> failing.put(100, "more"))
        .isInstanceOf(CacheException.class)
        .hasRootCauseInstanceOf(BookException.Full.class)
        .hasMessageContaining("maximumEntries=100,");
    assertThat(failing).hasSize(100);
  }

  private PageBookCacheManager sample() {
    return provider.getCacheManager(resource("sample.xml"), null);
  }
}
