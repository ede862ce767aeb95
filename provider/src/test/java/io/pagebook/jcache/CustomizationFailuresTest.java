package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryListener;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.management.CacheStatisticsMXBean;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of an operation when the application's own code fails in the middle of it. */
class CustomizationFailuresTest extends CacheTestBase {
  private static final String WRONG = "wrong";

  @Test
  void aFailedWriteChangesNothingAndCountsNothing() {
    Cache<String, String> cache = cache(writing());
    cache.put("k", "old");
    CacheStatisticsMXBean statistics = Beans.statistics(cache);
    statistics.clear();

    for (Runnable operation :
        List.<Runnable>of(
            () -> cache.put("k", WRONG),
            () -> cache.getAndPut("k", WRONG),
            () -> cache.putIfAbsent("new", WRONG),
            () -> cache.replace("k", WRONG),
            () -> cache.replace("k", "old", WRONG),
            () -> cache.getAndReplace("k", WRONG),
            () -> cache.putAll(Map.of("k", WRONG)),
            () -> cache.invoke("k", setting(WRONG)))) {
      assertThatThrownBy(operation::run)
          .isInstanceOf(CacheWriterException.class)
          .hasRootCauseInstanceOf(UnsupportedOperationException.class);
    }

    assertThat(cache.get("k")).isEqualTo("old");
    assertThat(cache.containsKey("new")).isFalse();
    assertThat(statistics.getCachePuts()).isZero();
  }

  @Test
  void aFailedDeleteChangesNothingAndCountsNothing() {
    Cache<String, String> cache = cache(writing());
    cache.put(WRONG, "old");
    CacheStatisticsMXBean statistics = Beans.statistics(cache);
    statistics.clear();

    for (Runnable operation :
        List.<Runnable>of(
            () -> cache.remove(WRONG),
            () -> cache.remove(WRONG, "old"),
            () -> cache.getAndRemove(WRONG),
            () -> cache.removeAll(Set.of(WRONG)),
            cache::removeAll,
            () -> cache.invoke(WRONG, removing()),
            () -> {
              Iterator<Cache.Entry<String, String>> iterator = cache.iterator();
              iterator.next();
              iterator.remove();
            })) {
      assertThatThrownBy(operation::run).isInstanceOf(CacheWriterException.class);
    }

    assertThat(cache.get(WRONG)).isEqualTo("old");
    assertThat(statistics.getCacheRemovals()).isZero();
  }

  @Test
  void whatABatchWroteBeforeItFailedIsPut() {
    Cache<String, String> cache = cache(writing());
    Map<String, String> map = new LinkedHashMap<>();
    map.put("a", "right");
    map.put("b", WRONG);
    map.put("c", "right");

    assertThatThrownBy(() -> cache.putAll(map)).isInstanceOf(CacheWriterException.class);

    assertThat(cache.get("a")).isEqualTo("right");
    assertThat(cache.containsKey("b")).isFalse();
    assertThat(cache.containsKey("c")).isFalse();
    assertThat(Beans.statistics(cache).getCachePuts()).isEqualTo(1);
  }

  @Test
  void aWriterThatLeavesItsCollectionAloneAndDoesNotFailHasWrittenAll() {
    Writer writer = new Writer();
    writer.tidy = false;
    Cache<String, String> cache = cache(writing(writer));

    cache.putAll(Map.of("a", "1", "b", "2"));
    assertThat(cache.get("a")).isEqualTo("1");
    cache.removeAll(Set.of("a", "b"));
    assertThat(cache.containsKey("b")).isFalse();
  }

  @Test
  void aWritersOwnExceptionIsNotSwallowed() {
    Writer writer = new Writer();
    writer.own = true;
    Cache<String, String> cache = cache(writing(writer));

    assertThatThrownBy(() -> cache.putAll(Map.of("a", WRONG)))
        .isInstanceOf(CacheWriterException.class)
        .hasMessage("my own");
    cache.put("b", "right");
    assertThatThrownBy(() -> cache.removeAll(Set.of(WRONG)))
        .isInstanceOf(CacheWriterException.class)
        .hasMessage("my own");
  }

  @Test
  void aFailedLoadIsALoaderExceptionAndAMiss() {
    Cache<String, String> cache = cache(loading(key -> fail()));

    assertThatThrownBy(() -> cache.get("k"))
        .isInstanceOf(CacheLoaderException.class)
        .hasRootCauseInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> cache.getAll(Set.of("k"))).isInstanceOf(CacheLoaderException.class);
    assertThat(Beans.statistics(cache).getCacheMisses()).isEqualTo(2);
    assertThat(Beans.statistics(cache).getCacheHits()).isZero();
  }

  @Test
  void aFailedLoadWithinAProcessorIsAProcessorException() {
    Cache<String, String> cache = cache(loading(key -> fail()));
    EntryProcessor<String, String, String> getting = (entry, arguments) -> entry.getValue();

    assertThatThrownBy(() -> cache.invoke("k", getting))
        .isInstanceOf(EntryProcessorException.class)
        .hasCauseInstanceOf(CacheLoaderException.class);
  }

  @Test
  void aFailedLoadAllIsReportedAsALoaderException() {
    Cache<String, String> cache = cache(loading(key -> fail()));
    for (boolean replace : new boolean[] {false, true}) {
      CompletionListenerFuture future = new CompletionListenerFuture();
      cache.loadAll(Set.of("k"), replace, future);

      assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(CacheLoaderException.class);
    }
  }

  @Test
  void whatIsNotLoadedIsNotStoredAndTheLoadersMapIsLeftAlone() throws Exception {
    Map<String, String> loaded = new HashMap<>();
    loaded.put("null", null);
    loaded.put("there", "v");
    loaded.put("unasked", "v");
    Map<String, String> before = new HashMap<>(loaded);
    Cache<String, String> cache =
        cache(
            new MutableConfiguration<String, String>()
                .setCacheLoaderFactory(
                    Recorder.factory(
                        new CacheLoader<>() {
                          @Override
                          public @Nullable String load(String key) {
                            return null;
                          }

                          @Override
                          public Map<String, String> loadAll(Iterable<? extends String> keys) {
                            return loaded;
                          }
                        })));
    CompletionListenerFuture future = new CompletionListenerFuture();

    cache.loadAll(Set.of("null", "missing", "there"), true, future);
    future.get(30, TimeUnit.SECONDS);

    assertThat(cache.get("there")).isEqualTo("v");
    assertThat(cache).hasSize(1);
    assertThat(loaded).isEqualTo(before);
  }

  @Test
  void aFailingListenerDoesNotUndoTheChangeNorStopTheOthers() {
    List<String> heard = new CopyOnWriteArrayList<>();
    CacheEntryCreatedListener<String, String> failing =
        events -> {
          throw new IllegalStateException("on purpose");
        };
    CacheEntryCreatedListener<String, String> hearing =
        events -> events.forEach(event -> heard.add(event.getKey()));
    Cache<String, String> cache = cache(listening(true, failing, hearing));

    assertThatThrownBy(() -> cache.put("k", "v"))
        .isInstanceOf(CacheEntryListenerException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThat(cache.get("k")).isEqualTo("v");
    assertThat(heard).containsExactly("k");
    assertThat(Beans.statistics(cache).getCachePuts()).isEqualTo(1);

    assertThatThrownBy(() -> cache.putAll(Map.of("a", "1", "b", "2")))
        .isInstanceOf(CacheEntryListenerException.class);
    assertThat(cache.get("a")).isEqualTo("1");
    assertThat(cache.get("b")).isEqualTo("2");
    assertThat(heard).containsExactlyInAnyOrder("k", "a", "b");
  }

  @Test
  void anErrorOfAListenerIsNotWrapped() {
    CacheEntryCreatedListener<String, String> failing =
        events -> {
          throw new AssertionError("on purpose");
        };
    Cache<String, String> cache = cache(listening(true, failing));

    assertThatThrownBy(() -> cache.put("k", "v")).isInstanceOf(AssertionError.class);
    assertThat(cache.get("k")).isEqualTo("v");
  }

  @Test
  void anAsynchronousListenerFailsForItself() {
    CompletableFuture<String> heard = new CompletableFuture<>();
    CacheEntryCreatedListener<String, String> failing =
        events -> {
          throw new IllegalStateException("on purpose");
        };
    CacheEntryCreatedListener<String, String> hearing =
        events -> events.forEach(event -> heard.complete(event.getKey()));
    Cache<String, String> cache = cache(listening(false, failing, hearing));

    cache.put("k", "v");

    assertThat(heard).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo("k");
  }

  @Test
  void listenersHearOfOneKeyInTheOrderOfItsChanges() {
    for (boolean synchronous : new boolean[] {true, false}) {
      Map<String, Integer> last = new ConcurrentHashMap<>();
      List<String> jumps = new CopyOnWriteArrayList<>();
      CompletableFuture<Void> finished = new CompletableFuture<>();
      CacheEntryUpdatedListener<String, Integer> listener =
          events ->
              events.forEach(
                  event -> {
                    Integer before = last.put(event.getKey(), event.getValue());
                    if (before != null && event.getValue() != before + 1) {
                      jumps.add(before + " to " + event.getValue());
                    }
                    if (event.getValue() == 4_000) {
                      finished.complete(null);
                    }
                  });
      try (Cache<String, Integer> cache =
          provider.getCacheManager().createCache("order", listening(synchronous, listener))) {
        cache.put("k", 0);
        EntryProcessor<String, Integer, Object> increment =
            (entry, arguments) -> {
              entry.setValue(entry.getValue() + 1);
              return null;
            };
        List<CompletableFuture<Void>> running =
            List.of(1, 2, 3, 4).stream()
                .map(
                    number ->
                        run(
                            () -> {
                              for (int i = 0; i < 1_000; i++) {
                                cache.invoke("k", increment);
                              }
                            }))
                .toList();
        running.forEach(one -> assertThat(one).succeedsWithin(1, TimeUnit.MINUTES));
        assertThat(finished).succeedsWithin(30, TimeUnit.SECONDS);
        assertThat(jumps).isEmpty();
      }
    }
  }

  @Test
  void aFactoryThatFailsOrMakesNothingIsNamedWithItsCache() {
    Factory<?> failing =
        () -> {
          throw new IllegalStateException("on purpose");
        };
    Factory<?> making = () -> null;

    customizations(failing)
        .forEach(
            (kind, configuration) ->
                assertThatThrownBy(() -> cache(configuration))
                    .isInstanceOf(CacheException.class)
                    .hasMessageContaining(kind + " cannot be made: cache=cache, reason=java.lang.")
                    .hasMessageContaining("on purpose")
                    .hasRootCauseInstanceOf(IllegalStateException.class));
    customizations(making)
        .forEach(
            (kind, configuration) ->
                assertThatThrownBy(() -> cache(configuration))
                    .isInstanceOf(CacheException.class)
                    .hasMessageContaining(kind + " is null: cache=cache, factory=io.pagebook."));
    assertThat(provider.getCacheManager().getCacheNames()).isEmpty();
    cache();
  }

  /** By the kind of customization, a configuration with that one factory. */
  @SuppressWarnings("unchecked") // a factory of nothing is one of anything
  private static <T> Map<String, MutableConfiguration<Object, Object>> customizations(
      Factory<T> factory) {
    CacheEntryCreatedListener<Object, Object> listener = events -> {};
    return Map.of(
        "expiry policy",
        new MutableConfiguration<>().setExpiryPolicyFactory((Factory<ExpiryPolicy>) factory),
        "loader",
        new MutableConfiguration<>()
            .setCacheLoaderFactory((Factory<CacheLoader<Object, Object>>) factory),
        "writer",
        new MutableConfiguration<>()
            .setCacheWriterFactory((Factory<CacheWriter<Object, Object>>) factory),
        "listener",
        new MutableConfiguration<>()
            .addCacheEntryListenerConfiguration(
                new MutableCacheEntryListenerConfiguration<>(
                    (Factory<CacheEntryListener<Object, Object>>) factory, null, false, false)),
        "event filter",
        new MutableConfiguration<>()
            .addCacheEntryListenerConfiguration(
                new MutableCacheEntryListenerConfiguration<>(
                    Recorder.factory(listener),
                    (Factory<CacheEntryEventFilter<Object, Object>>) factory,
                    false,
                    false)));
  }

  private static EntryProcessor<String, String, @Nullable Object> setting(String value) {
    return (entry, arguments) -> {
      entry.setValue(value);
      return null;
    };
  }

  private static EntryProcessor<String, String, @Nullable Object> removing() {
    return (entry, arguments) -> {
      entry.remove();
      return null;
    };
  }

  private static String fail() {
    throw new UnsupportedOperationException("on purpose");
  }

  private static MutableConfiguration<String, String> writing() {
    return writing(new Writer());
  }

  private static MutableConfiguration<String, String> writing(Writer writer) {
    return new MutableConfiguration<String, String>()
        .setStatisticsEnabled(true)
        .setWriteThrough(true)
        .setCacheWriterFactory(Recorder.factory(writer));
  }

  private static MutableConfiguration<String, String> loading(
      java.util.function.UnaryOperator<String> load) {
    return new MutableConfiguration<String, String>()
        .setStatisticsEnabled(true)
        .setReadThrough(true)
        .setCacheLoaderFactory(
            Recorder.factory(
                new CacheLoader<>() {
                  @Override
                  public String load(String key) {
                    return load.apply(key);
                  }

                  @Override
                  public Map<String, String> loadAll(Iterable<? extends String> keys) {
                    Map<String, String> loaded = new HashMap<>();
                    keys.forEach(key -> loaded.put(key, load.apply(key)));
                    return loaded;
                  }
                }));
  }

  @SafeVarargs
  private static <V> MutableConfiguration<String, V> listening(
      boolean synchronous, CacheEntryListener<String, V>... listeners) {
    MutableConfiguration<String, V> configuration =
        new MutableConfiguration<String, V>().setStatisticsEnabled(true);
    for (CacheEntryListener<String, V> listener : listeners) {
      configuration.addCacheEntryListenerConfiguration(
          new MutableCacheEntryListenerConfiguration<>(
              Recorder.factory(listener), null, false, synchronous));
    }
    return configuration;
  }

  /** Fails for a value, or a key, that is {@link #WRONG}, after it did what came before. */
  private static final class Writer implements CacheWriter<String, String> {
    private boolean tidy = true;
    private boolean own;

    @Override
    public void write(Cache.Entry<? extends String, ? extends String> entry) {
      check(entry.getValue());
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
      Iterator<Cache.Entry<? extends String, ? extends String>> iterator = entries.iterator();
      while (iterator.hasNext()) {
        check(iterator.next().getValue());
        if (tidy) {
          iterator.remove();
        }
      }
    }

    @Override
    public void delete(Object key) {
      check(key);
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      Iterator<?> iterator = keys.iterator();
      while (iterator.hasNext()) {
        check(iterator.next());
        if (tidy) {
          iterator.remove();
        }
      }
    }

    private void check(Object object) {
      if (object.equals(WRONG)) {
        throw own ? new CacheWriterException("my own") : new UnsupportedOperationException();
      }
    }
  }
}
