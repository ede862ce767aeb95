package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.BookException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.integration.CacheWriter;
import org.junit.jupiter.api.Test;

/**
 * What the writer has written and the cache then cannot take leaves no older value in the cache.
 */
class WriterBeforeCacheTest extends DocumentTestBase {
  private static final int KEYS = 20;

  private final Map<Object, Object> store = new HashMap<>();

  @Test
  void aFullBookForgetsWhatIsOlder() {
    Cache<Object, Object> cache = cacheOf512KiB();
    for (int key = 0; key < KEYS; key++) {
      cache.put(key, new byte[10_000]);
    }
    Map<Object, Object> larger = new LinkedHashMap<>();
    for (int key = 0; key < KEYS; key++) {
      larger.put(key, new byte[60_000]);
    }

    assertThatThrownBy(() -> cache.putAll(larger))
        .isInstanceOf(CacheException.class)
        .hasCauseInstanceOf(BookException.Full.class);

    assertThat(store).isEqualTo(larger);
    int absent = 0;
    for (int key = 0; key < KEYS; key++) {
      Object value = cache.get(key);
      if (value == null) {
        absent++;
      } else {
        assertThat((byte[]) value).as("value of key %s", key).hasSize(60_000);
      }
    }
    assertThat(absent).isBetween(1, KEYS - 1);

    store.clear();
    assertThatThrownBy(() -> cache.put(0, new byte[600_000]))
        .hasCauseInstanceOf(BookException.class);
    assertThat(cache.get(0)).isNull();
  }

  @Test
  void whatCannotBeEncodedIsNotWritten() {
    Cache<Object, Object> cache = cacheOf512KiB();
    Map<Object, Object> map = new LinkedHashMap<>();
    map.put("right", "value");
    map.put("wrong", new Object());

    assertThatThrownBy(() -> cache.putAll(map)).isInstanceOf(CacheException.class);
    assertThatThrownBy(() -> cache.put("wrong", new Object())).isInstanceOf(CacheException.class);

    assertThat(store).isEmpty();
    assertThat(cache).isEmpty();
  }

  @Test
  void whatCannotBeEncodedIsNotDeleted() {
    Cache<Object, Object> cache = cacheOf512KiB();
    Object wrong = new Object();
    store.put(wrong, "value");
    store.put("right", "value");

    assertThatThrownBy(() -> cache.removeAll(Set.of("right", wrong)))
        .isInstanceOf(CacheException.class);
    assertThatThrownBy(() -> cache.remove(wrong)).isInstanceOf(CacheException.class);

    assertThat(store).hasSize(2);
  }

  @Test
  void aListenersErrorEndsNothingHalfway() {
    Cache<Object, Object> cache = cacheOf512KiB();
    cache.putAll(Map.of("a", 1, "b", 2, "c", 3));
    CacheEntryRemovedListener<Object, Object> failing =
        events -> {
          throw new AssertionError("on purpose");
        };
    cache.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(Recorder.factory(failing), null, false, true));

    assertThatThrownBy(() -> cache.removeAll(Set.of("a", "b", "c")))
        .isInstanceOf(AssertionError.class)
        .hasMessage("on purpose");

    assertThat(store).isEmpty();
    assertThat(cache).isEmpty();
  }

  private Cache<Object, Object> cacheOf512KiB() {
    PageBookCacheManager manager =
        open(
            write(
                "full.xml",
                "<default-cache><capacity max-size=\"512KiB\" on-full=\"fail\"/></default-cache>"));
    return manager.createCache(
        "c",
        new MutableConfiguration<Object, Object>()
            .setWriteThrough(true)
            .setCacheWriterFactory(Recorder.factory(new Storing())));
  }

  private final class Storing implements CacheWriter<Object, Object> {
    @Override
    public void write(Cache.Entry<?, ?> entry) {
      store.put(entry.getKey(), entry.getValue());
    }

    @Override
    public void writeAll(Collection<Cache.Entry<?, ?>> entries) {
      entries.forEach(this::write);
    }

    @Override
    public void delete(Object key) {
      store.remove(key);
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      keys.forEach(this::delete);
    }
  }
}
