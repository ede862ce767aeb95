package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.PageBook;
import java.io.Closeable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.MutableEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verdicts of {@code docs/jcache-conformance.md} that fit into no row of its table. */
class LedgerTest extends CacheTestBase {
  private static final javax.cache.expiry.Duration MINUTE =
      new javax.cache.expiry.Duration(TimeUnit.MINUTES, 1);

  @Test
  void anIteratorRemovesWhatItReturnedLastAndOnce() {
    Cache<Object, Object> cache = cache();
    cache.put("k", "v");
    Iterator<Cache.Entry<Object, Object>> iterator = cache.iterator();

    assertThatThrownBy(iterator::remove).isInstanceOf(IllegalStateException.class);
    for (int i = 0; i < 3; i++) {
      assertThat(iterator.hasNext()).isTrue();
    }
    assertThat(iterator.next().getValue()).isEqualTo("v");
    iterator.remove();
    assertThatThrownBy(iterator::remove).isInstanceOf(IllegalStateException.class);
    assertThat(iterator.hasNext()).isFalse();
    assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
    assertThat(cache.containsKey("k")).isFalse();
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"}) // what the types are to prevent
  void aWrongRuntimeTypeIsRefusedByWhateverWrites() {
    Cache typed =
        cache(new MutableConfiguration<Integer, String>().setTypes(Integer.class, String.class));
    typed.put(1, "v");
    EntryProcessor<Object, Object, Object> setting =
        (entry, arguments) -> {
          entry.setValue(arguments[0]);
          return "";
        };

    for (Runnable operation :
        List.<Runnable>of(
            () -> typed.put("k", "v"),
            () -> typed.put(1, 2),
            () -> typed.putAll(Map.of("k", "v")),
            () -> typed.putAll(Map.of(1, 2)),
            () -> typed.getAndPut("k", "v"),
            () -> typed.getAndPut(1, 2),
            () -> typed.putIfAbsent("k", "v"),
            () -> typed.putIfAbsent(2, 2),
            () -> typed.replace("k", "v"),
            () -> typed.replace(1, 2),
            () -> typed.replace(1, "v", 2),
            () -> typed.getAndReplace(1, 2),
            () -> typed.remove("k"),
            () -> typed.remove("k", "v"),
            () -> typed.getAndRemove("k"),
            () -> typed.removeAll(Set.of("k")),
            () -> typed.invoke("k", setting, "v"))) {
      assertThatThrownBy(operation::run)
          .isInstanceOf(ClassCastException.class)
          .hasMessageContaining("is not of the declared type: cache=cache, declared=java.lang.");
    }
    assertThatThrownBy(() -> typed.invoke(1, setting, 2))
        .hasRootCauseInstanceOf(ClassCastException.class);

    assertThat(typed.get("k")).isNull();
    assertThat(typed.containsKey("k")).isFalse();
    assertThat(typed.getAll(Set.of("k"))).isEmpty();
    assertThat(typed.get(1)).isEqualTo("v");
  }

  @Test
  void anUnknownCacheHasNoBeans() {
    PageBookCacheManager manager = provider.getCacheManager();

    assertThatCode(() -> manager.enableStatistics("unknown", true)).doesNotThrowAnyException();
    assertThatCode(() -> manager.enableManagement("unknown", true)).doesNotThrowAnyException();
    assertThat(manager.getCacheNames()).isEmpty();
  }

  @Test
  void anEternalPolicyTakesAwayTheEndThatAnotherGave(@TempDir Path directory) {
    Cache<Object, Object> ending =
        manager(provider, directory)
            .createCache(
                "c",
                new MutableConfiguration<>()
                    .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(MINUTE)));
    try (PageBookCachingProvider other = new PageBookCachingProvider(clock)) {
      Cache<Object, Object> eternal =
          manager(other, directory)
              .createCache(
                  "c",
                  new MutableConfiguration<>()
                      .setExpiryPolicyFactory(EternalExpiryPolicy.factoryOf()));
      for (String key : List.of("left", "put", "replaced", "processed")) {
        ending.put(key, "v");
      }
      eternal.put("put", "w");
      eternal.replace("replaced", "w");
      eternal.<Object>invoke(
          "processed",
          (entry, arguments) -> {
            entry.setValue("w");
            return "";
          });
      clock.advance(Duration.ofMinutes(2));

      assertThat(ending.get("left")).isNull();
      assertThat(ending.getAll(Set.of("put", "replaced", "processed")).values())
          .containsExactly("w", "w", "w");
    }
  }

  @Test
  void aReadTakesAnExpiredRecordAwayOnlyIfSomebodyWantsToHear() {
    for (boolean listening : new boolean[] {false, true}) {
      MutableConfiguration<Object, Object> configuration =
          new MutableConfiguration<>()
              .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(MINUTE));
      if (listening) {
        configuration.addCacheEntryListenerConfiguration(
            new MutableCacheEntryListenerConfiguration<>(
                Recorder.factory(new Recorder().listener()), null, false, true));
      }
      PageBookCache<Object, Object> cache =
          provider.getCacheManager().createCache("listening " + listening, configuration);
      cache.put("k", "v");
      long withEntry = cache.unwrap(PageBook.class).count();
      clock.advance(Duration.ofMinutes(2));

      assertThat(cache.get("k")).isNull();

      assertThat(cache.unwrap(PageBook.class).count()).isEqualTo(withEntry - (listening ? 1 : 0));
    }
  }

  @Test
  void averagesAreOfTheCacheAndNotOfTheLoader() {
    Duration loading = Duration.ofMillis(300);
    Cache<Object, Object> cache =
        cache(
            new MutableConfiguration<Object, Object>()
                .setStatisticsEnabled(true)
                .setReadThrough(true)
                .setCacheLoaderFactory(
                    Recorder.factory(
                        loader(
                            key -> {
                              long end = System.nanoTime() + loading.toNanos();
                              while (System.nanoTime() - end < 0) {
                                Thread.onSpinWait();
                              }
                              return "loaded";
                            }))));

    assertThat(Beans.statistics(cache).getAverageGetTime()).isZero();
    assertThat(cache.get("k")).isEqualTo("loaded");

    float micros = Beans.statistics(cache).getAverageGetTime();
    assertThat(micros).isPositive().isLessThan(loading.toNanos() / 1000f);
  }

  @Test
  void filtersAreClosedWithTheCache() {
    AtomicBoolean closed = new AtomicBoolean();
    CacheEntryCreatedListener<Object, Object> listener = events -> {};
    Cache<Object, Object> cache =
        cache(
            new MutableConfiguration<Object, Object>()
                .addCacheEntryListenerConfiguration(
                    new MutableCacheEntryListenerConfiguration<>(
                        Recorder.factory(listener),
                        Recorder.factory(new ClosingFilter(closed)),
                        false,
                        true)));
    cache.put("k", "v");
    assertThat(closed).isFalse();

    cache.close();

    assertThat(closed).isTrue();
  }

  /**
   * Without replacing, a put that comes while the loader is at work wins; with it, the load does.
   */
  @Test
  void loadAllAndAPutAtTheSameTime() throws Exception {
    for (boolean replace : new boolean[] {false, true}) {
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch put = new CountDownLatch(1);
      Cache<Object, Object> cache =
          provider
              .getCacheManager()
              .createCache(
                  "replace " + replace,
                  new MutableConfiguration<>()
                      .setCacheLoaderFactory(
                          Recorder.factory(
                              loader(
                                  key -> {
                                    asked.countDown();
                                    await(put);
                                    return "loaded";
                                  }))));
      CompletionListenerFuture done = new CompletionListenerFuture();
      cache.loadAll(Set.of("k"), replace, done);
      await(asked);
      cache.put("k", "put");
      put.countDown();
      done.get(30, TimeUnit.SECONDS);

      assertThat(cache.get("k")).isEqualTo(replace ? "loaded" : "put");
    }
  }

  @Test
  void aListenerThatFailsDoesNotEndALoad() {
    CacheEntryCreatedListener<Object, Object> failing =
        events -> {
          throw new UnsupportedOperationException("on purpose");
        };
    Cache<Object, Object> cache =
        cache(
            new MutableConfiguration<Object, Object>()
                .setCacheLoaderFactory(Recorder.factory(loader(key -> "loaded")))
                .addCacheEntryListenerConfiguration(
                    new MutableCacheEntryListenerConfiguration<>(
                        Recorder.factory(failing), null, false, true)));
    CompletionListenerFuture done = new CompletionListenerFuture();
    cache.loadAll(Set.of(1, 2, 3, 4), true, done);

    assertThat(done)
        .failsWithin(30, TimeUnit.SECONDS)
        .withThrowableThat()
        .withCauseInstanceOf(CacheEntryListenerException.class);
    assertThat(cache.getAll(Set.of(1, 2, 3, 4))).hasSize(4);
  }

  @Test
  void aListenerThatFailsWhileALoadLooksDoesNotEndIt() {
    CacheEntryExpiredListener<Object, Object> failing =
        events -> {
          throw new UnsupportedOperationException("on purpose");
        };
    Cache<Object, Object> cache =
        cache(
            new MutableConfiguration<Object, Object>()
                .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(MINUTE))
                .setCacheLoaderFactory(Recorder.factory(loader(key -> "loaded")))
                .addCacheEntryListenerConfiguration(
                    new MutableCacheEntryListenerConfiguration<>(
                        Recorder.factory(failing), null, false, true)));
    cache.put(1, "old");
    cache.put(2, "old");
    clock.advance(Duration.ofMinutes(2));
    cache.put(3, "kept");
    CompletionListenerFuture done = new CompletionListenerFuture();
    cache.loadAll(Set.of(1, 2, 3, 4), false, done);

    assertThat(done)
        .failsWithin(30, TimeUnit.SECONDS)
        .withThrowableThat()
        .withCauseInstanceOf(CacheEntryListenerException.class);
    assertThat(cache.getAll(Set.of(1, 2, 3, 4)))
        .isEqualTo(Map.of(1, "loaded", 2, "loaded", 3, "kept", 4, "loaded"));
  }

  @Test
  void anEntryShowsNoOtherOneAfterItsProcessor() {
    Cache<Object, Object> cache = cache();
    cache.putAll(Map.of("1", "a", "2", "b"));
    MutableEntry<Object, Object> unread = cache.invoke("1", (entry, arguments) -> entry);
    MutableEntry<Object, Object> read =
        cache.invoke(
            "1",
            (entry, arguments) -> {
              assertThat(entry.getValue()).isEqualTo("a");
              return entry;
            });
    assertThat(cache.get("2")).isEqualTo("b");

    for (Runnable use : List.<Runnable>of(unread::getValue, unread::remove, unread::exists)) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("entry processor has ended: key=1");
    }
    assertThatThrownBy(() -> read.setValue("c")).isInstanceOf(IllegalStateException.class);
    assertThat(unread.getKey()).isEqualTo("1");
    assertThat(read.getValue()).isEqualTo("a");
    assertThat(cache.get("1")).isEqualTo("a");
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"}) // what the types are to prevent
  void aKeyOfAWrongTypeIsNotLoaded() {
    Cache typed =
        cache(
            new MutableConfiguration<Object, Object>()
                .setTypes((Class) Long.class, (Class) String.class)
                .setReadThrough(true)
                .setCacheLoaderFactory(Recorder.factory(loader(key -> "loaded"))));

    assertThat(typed.get(7)).isNull();
    assertThatThrownBy(() -> typed.loadAll(Set.of(7), true, null))
        .isInstanceOf(ClassCastException.class);
    assertThat(typed.containsKey(7)).isFalse();
    assertThat(typed.get(7L)).isEqualTo("loaded");
  }

  @Test
  void anIteratorRevivesNothing() {
    Cache<Object, Object> cache =
        cache(
            new MutableConfiguration<Object, Object>()
                .setExpiryPolicyFactory(AccessedExpiryPolicy.factoryOf(MINUTE)));
    cache.put("k", "v");
    Iterator<Cache.Entry<Object, Object>> iterator = cache.iterator();
    assertThat(iterator.hasNext()).isTrue();
    clock.advance(Duration.ofMinutes(2));
    iterator.next();

    assertThat(cache.containsKey("k")).isFalse();
  }

  /**
   * The event waits for the processor's key of the other cache; by then its own cache is closed.
   */
  @Test
  void nothingIsDeliveredToAClosedCachesListeners() throws Exception {
    Recorder recorder = new Recorder();
    PageBookCacheManager manager = provider.getCacheManager();
    Cache<Object, Object> outer = manager.createCache("outer", new MutableConfiguration<>());
    Cache<Object, Object> inner =
        manager.createCache(
            "inner",
            new MutableConfiguration<Object, Object>()
                .addCacheEntryListenerConfiguration(
                    new MutableCacheEntryListenerConfiguration<>(
                        Recorder.factory(recorder.listener()), null, false, true)));

    outer.<Object>invoke(
        "k",
        (entry, arguments) -> {
          inner.put("k", "v");
          try {
            run(inner::close).get(30, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
          return "";
        });

    assertThat(inner.isClosed()).isTrue();
    assertThat(recorder.events).isEmpty();
  }

  @Test
  void aProxyIsRefusedWhenItIsPut() {
    Cache<Object, Object> cache = cache();
    Object proxy =
        java.lang.reflect.Proxy.newProxyInstance(
            LedgerTest.class.getClassLoader(),
            new Class<?>[] {java.io.Serializable.class},
            new NoHandler());

    assertThatThrownBy(() -> cache.put("k", proxy))
        .isInstanceOf(CacheException.class)
        .hasStackTraceContaining("dynamic proxies are not stored");
    assertThat(cache.containsKey("k")).isFalse();
  }

  private static final class NoHandler
      implements java.lang.reflect.InvocationHandler, java.io.Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
      return method.getName();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static CacheLoader<Object, Object> loader(java.util.function.UnaryOperator<Object> load) {
    return new CacheLoader<>() {
      @Override
      public Object load(Object key) {
        return load.apply(key);
      }

      @Override
      public Map<Object, Object> loadAll(Iterable<?> keys) {
        Map<Object, Object> loaded = new java.util.HashMap<>();
        keys.forEach(key -> loaded.put(key, load.apply(key)));
        return loaded;
      }
    };
  }

  private record ClosingFilter(AtomicBoolean closed)
      implements CacheEntryEventFilter<Object, Object>, Closeable {
    @Override
    public boolean evaluate(CacheEntryEvent<?, ?> event) {
      return true;
    }

    @Override
    public void close() {
      closed.set(true);
    }
  }
}
