package io.pagebook.kryo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.RecordCursor;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.SplittableRandom;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Caches with this codec, and beside caches without it. */
class KryoCacheTest {
  @TempDir Path directory;

  private final CachingProvider provider = Caching.getCachingProvider();
  private final ClassLoader elsewhere = new HidingLoader(Order.Line.class);

  @AfterEach
  void closeAll() {
    provider.close();
  }

  @Test
  void valuesAreKryos() {
    Order order = Order.random(new SplittableRandom(5));
    Cache<String, Order> cache = orders(manager("kryo", null));
    cache.put("k", order);

    assertThat(cache.get("k")).isEqualTo(order).isNotSameAs(order);
    assertThat(valueBytes(cache, 128)).isLessThan(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "kryo"})
  void aClassThatOneLoaderHasNotIsACountedMissThere(String codec) throws JMException {
    Cache<Object, Object> here =
        manager(codec, null).createCache("c", new MutableConfiguration<>());
    Cache<Object, Object> there =
        manager(codec, elsewhere)
            .createCache("c", new MutableConfiguration<>().setStatisticsEnabled(true));
    here.put("k", new Order.Line("a", 1, null));

    assertThat(there.get("k")).isNull();
    assertThat(there.iterator().hasNext()).isFalse();
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    Set<ObjectName> names =
        beans.queryNames(new ObjectName("javax.cache:type=CacheStatistics,*"), null);
    assertThat(names).hasSize(1);
    assertThat(beans.getAttribute(names.iterator().next(), "CacheMisses")).isEqualTo(1L);
    assertThat(here.get("k")).isEqualTo(new Order.Line("a", 1, null));
    there.put("k", "readable");
    assertThat(here.get("k")).isEqualTo("readable");
  }

  @Test
  void classesMustBeAllowed() {
    Cache<Object, Object> cache =
        manager("kryo", null).createCache("c", new MutableConfiguration<>());
    cache.put("k", "before");

    assertThatThrownBy(() -> cache.put("k", Order.random(new SplittableRandom(6))))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("class=" + Order.class.getName());
    assertThat(cache.get("k")).isEqualTo("before");
  }

  @Test
  void oneBookHasOneCodec() {
    orders(manager("kryo", null)).put("k", Order.random(new SplittableRandom(7)));

    assertThatThrownBy(() -> orders(manager("java", elsewhere)))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("codec=java, version=0, its codec=kryo, its version=1");
  }

  private CacheManager manager(String codec, ClassLoader loader) {
    Properties properties = new Properties();
    properties.setProperty("io.pagebook.jcache.codec", codec);
    properties.setProperty("io.pagebook.jcache.allow", Order.Line.class.getName());
    return provider.getCacheManager(directory.toUri(), loader, properties);
  }

  private static Cache<String, Order> orders(CacheManager manager) {
    return manager.createCache(
        "orders", new MutableConfiguration<String, Order>().setTypes(String.class, Order.class));
  }

  private static int valueBytes(Cache<?, ?> cache, int type) {
    RecordBuffer record = new RecordBuffer();
    RecordCursor cursor = cache.unwrap(PageBook.class).records().cursor();
    while (cursor.next(record)) {
      if (record.type() == type) {
        return record.valueLength();
      }
    }
    throw new AssertionError("no record of the type: type=" + type);
  }
}
