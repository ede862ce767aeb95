package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.BookException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.Caching;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** User code that runs within an operation, and uses the cache again. */
class NestedUseTest extends CacheTestBase {
  private static @Nullable Cache<Object, Object> current;

  @Test
  void aProcessorMayUseOtherKeysAndReadItsOwn() {
    Cache<Object, Object> cache = cache();
    cache.put("other", "a");
    cache.put("key", "b");

    Object result =
        cache.invoke(
            "key",
            (EntryProcessor<Object, Object, Object>)
                (entry, arguments) -> {
                  cache.put("other", "c");
                  entry.setValue(entry.getValue() + "" + cache.get("other") + cache.get("key"));
                  return cache.getAndPut("another", "d");
                });

    assertThat(result).isNull();
    assertThat(cache.get("key")).isEqualTo("bcb");
    assertThat(cache.get("other")).isEqualTo("c");
    assertThat(cache.get("another")).isEqualTo("d");
  }

  @Test
  void aProcessorMayNotChangeItsOwnKeyThroughTheCache() {
    Cache<Object, Object> cache = cache();

    assertThatThrownBy(
            () ->
                cache.invoke(
                    "key",
                    (EntryProcessor<Object, Object, Object>)
                        (entry, arguments) -> {
                          cache.put("key", "inner");
                          return null;
                        }))
        .isInstanceOf(EntryProcessorException.class)
        .hasCauseInstanceOf(CacheException.class)
        .hasRootCauseInstanceOf(BookException.LockMisuse.class);

    assertThat(cache.containsKey("key")).isFalse();
    cache.put("key", "free again");
    assertThat(cache.get("key")).isEqualTo("free again");
  }

  @Test
  void anAsynchronousListenerMayWaitForALoad() {
    CompletableFuture<Object> heard = new CompletableFuture<>();
    AtomicReference<Cache<Object, Object>> own = new AtomicReference<>();
    CacheEntryCreatedListener<Object, Object> loading =
        events -> {
          CompletionListenerFuture loaded = new CompletionListenerFuture();
          own.get().loadAll(Set.of("loaded"), false, loaded);
          try {
            loaded.get(30, TimeUnit.SECONDS);
            heard.complete(own.get().get("loaded"));
          } catch (InterruptedException | ExecutionException | TimeoutException e) {
            heard.completeExceptionally(e);
          }
        };
    own.set(
        cache(
            new MutableConfiguration<>()
                .setCacheLoaderFactory(Recorder.factory(new ValueOfKey()))
                .addCacheEntryListenerConfiguration(
                    new MutableCacheEntryListenerConfiguration<>(
                        Recorder.factory(loading), null, false, false))));

    own.get().put("key", "v");

    assertThat(heard).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo("value of loaded");
    own.get().close();
  }

  @Test
  void aLoaderMayUseOtherKeys() {
    Cache<Object, Object> cache =
        cache(
            new MutableConfiguration<>()
                .setReadThrough(true)
                .setCacheLoaderFactory(
                    Recorder.factory(
                        new CacheLoader<>() {
                          @Override
                          public Object load(Object key) throws CacheLoaderException {
                            Cache<Object, Object> self = current;
                            return key.equals("base") ? 1 : (Integer) self.get("base") + 1;
                          }

                          @Override
                          public java.util.Map<Object, Object> loadAll(Iterable<?> keys) {
                            throw new UnsupportedOperationException();
                          }
                        })));
    current = cache;

    assertThat(cache.get("derived")).isEqualTo(2);
    assertThat(cache.containsKey("base")).isTrue();
  }

  @Test
  void aListenerMayChangeTheKeyThatItHearsOf() {
    CacheEntryCreatedListener<Object, Object> listener =
        events -> events.forEach(event -> current.put(event.getKey(), "by listener"));
    Cache<Object, Object> cache =
        cache(
            new MutableConfiguration<>()
                .addCacheEntryListenerConfiguration(
                    new MutableCacheEntryListenerConfiguration<>(
                        Recorder.factory(listener), null, false, true)));
    current = cache;

    cache.put("key", "by caller");

    assertThat(cache.get("key")).isEqualTo("by listener");
  }

  @Test
  void listenersHearOfWhatAProcessorDidElsewhereWhenItHoldsNoKeyAnyMore() {
    List<String> heard = new ArrayList<>();
    CacheEntryCreatedListener<Object, Object> listener =
        events ->
            events.forEach(
                event -> {
                  current.put("by listener of " + event.getKey(), "takes any key");
                  heard.add(event.getKey() + " " + current.containsKey("outer"));
                });
    CacheEntryCreatedListener<Object, Object> onlyOnce =
        events ->
            events.forEach(
                event -> {
                  if (!event.getKey().toString().startsWith("by")) {
                    listener.onCreated(List.of(event));
                  }
                });
    Cache<Object, Object> cache =
        cache(
            new MutableConfiguration<>()
                .addCacheEntryListenerConfiguration(
                    new MutableCacheEntryListenerConfiguration<>(
                        Recorder.factory(onlyOnce), null, false, true)));
    current = cache;

    cache.invoke(
        "outer",
        (EntryProcessor<Object, Object, Object>)
            (entry, arguments) -> {
              cache.put("inner", 1);
              assertThat(heard).isEmpty();
              entry.setValue(2);
              return null;
            });

    assertThat(heard).containsExactly("inner true", "outer true");
    assertThat(cache.containsKey("by listener of outer")).isTrue();
  }

  @Test
  void aValueMayReadTheCacheWhileItIsDeserialised() {
    Cache<Object, Object> cache = cache();
    current = cache;
    cache.put("inner", "x".repeat(500));
    cache.put("outer", new Reader("y".repeat(500)));

    Reader read = (Reader) cache.get("outer");

    assertThat(read.text).isEqualTo("y".repeat(500));
    assertThat(read.inner).isEqualTo("x".repeat(500));
  }

  @Test
  void theProviderIsFoundByItsService() {
    assertThat(Caching.getCachingProvider()).isInstanceOf(PageBookCachingProvider.class);
  }

  private static final class Reader implements Serializable {
    private static final long serialVersionUID = 1L;

    private transient @Nullable Object inner;
    private final String text;

    Reader(String text) {
      this.text = text;
    }

    private void readObject(ObjectInputStream input) throws IOException, ClassNotFoundException {
      inner = current.get("inner");
      input.defaultReadObject();
    }
  }

  private static final class ValueOfKey implements CacheLoader<Object, Object> {
    @Override
    public Object load(Object key) {
      return "value of " + key;
    }

    @Override
    public Map<Object, Object> loadAll(Iterable<?> keys) {
      Map<Object, Object> loaded = new HashMap<>();
      keys.forEach(key -> loaded.put(key, load(key)));
      return loaded;
    }
  }
}
