package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyTest extends CacheTestBase {
  private static final int THREADS = 8;
  private static final int ROUNDS = 2_000;
  private static final EntryProcessor<String, Integer, Integer> INCREMENT =
      (entry, arguments) -> {
        entry.setValue(entry.exists() ? entry.getValue() + 1 : 1);
        return entry.getValue();
      };

  @TempDir Path directory;

  @Test
  void processorsOfOneKeyAreAtomic() {
    Cache<String, Integer> cache = cache(new MutableConfiguration<>());

    together(number -> repeat(() -> cache.invoke("counter", INCREMENT)));

    assertThat(cache.get("counter")).isEqualTo(THREADS * ROUNDS);
  }

  @Test
  void processorsOfTwoManagersOfOneDirectoryAreAtomic() {
    try (PageBookCachingProvider otherProvider = new PageBookCachingProvider(clock)) {
      Cache<String, Integer> mine =
          manager(provider, directory).createCache("c", new MutableConfiguration<>());
      Cache<String, Integer> theirs =
          manager(otherProvider, directory).createCache("c", new MutableConfiguration<>());

      together(
          number -> repeat(() -> (number % 2 == 0 ? mine : theirs).invoke("counter", INCREMENT)));

      assertThat(mine.get("counter")).isEqualTo(THREADS * ROUNDS);
    }
  }

  @Test
  void conditionalOperationsAreAtomic() {
    Cache<String, Integer> cache = cache(new MutableConfiguration<>());
    cache.put("counter", 0);

    together(
        number ->
            repeat(
                () -> {
                  boolean done = false;
                  while (!done) {
                    Integer seen = cache.get("counter");
                    done = cache.replace("counter", seen, seen + 1);
                  }
                }));

    assertThat(cache.get("counter")).isEqualTo(THREADS * ROUNDS);
  }

  @Test
  void onlyOnePutsIfAbsentAndOnlyOneRemoves() {
    Cache<String, Integer> cache = cache(new MutableConfiguration<>());
    AtomicInteger put = new AtomicInteger();
    AtomicInteger removed = new AtomicInteger();

    together(
        number ->
            repeat(
                () -> {
                  if (cache.putIfAbsent("key", number)) {
                    put.incrementAndGet();
                  }
                  if (cache.remove("key")) {
                    removed.incrementAndGet();
                  }
                }));

    assertThat(removed.get() + (cache.containsKey("key") ? 1 : 0)).isEqualTo(put.get());
  }

  @Test
  void aProcessorIsAtomicAgainstClear() {
    Cache<String, Integer> cache = cache(new MutableConfiguration<>());
    AtomicInteger cleared = new AtomicInteger();

    together(
        number -> {
          if (number == 0) {
            repeat(
                () -> {
                  cache.clear();
                  cleared.incrementAndGet();
                });
          } else {
            repeat(
                () ->
                    cache.invoke(
                        "key",
                        (EntryProcessor<String, Integer, Object>)
                            (entry, arguments) -> {
                              Integer before = entry.getValue();
                              assertThat(cache.get("key")).isEqualTo(before);
                              entry.setValue(before == null ? 1 : before + 1);
                              return null;
                            }));
          }
        });

    assertThat(cleared).hasValue(ROUNDS);
  }

  @Test
  void oneEntryIsLoadedOnce() {
    AtomicInteger loads = new AtomicInteger();
    CacheLoader<String, Integer> loader =
        new CacheLoader<>() {
          @Override
          public Integer load(String key) {
            return loads.incrementAndGet();
          }

          @Override
          public java.util.Map<String, Integer> loadAll(Iterable<? extends String> keys) {
            throw new UnsupportedOperationException();
          }
        };
    Cache<String, Integer> cache =
        cache(
            new MutableConfiguration<String, Integer>()
                .setReadThrough(true)
                .setCacheLoaderFactory(Recorder.factory(loader)));

    together(number -> assertThat(cache.get("key")).isEqualTo(1));

    assertThat(loads).hasValue(1);
  }

  @Test
  void readersSeeWholeValuesWhileTheyChange() {
    Cache<Integer, String> cache = cache(new MutableConfiguration<>());
    cache.put(1, "0".repeat(10));

    together(
        number ->
            repeat(
                () -> {
                  if (number < 2) {
                    cache.put(1, String.valueOf(number).repeat(10 + number * 3_000));
                  } else {
                    String seen = cache.get(1);
                    assertThat(seen).isEqualTo(seen.substring(0, 1).repeat(seen.length()));
                  }
                }));
  }

  private void together(java.util.function.IntConsumer task) {
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      running.add(run(() -> task.accept(number)));
    }
    assertThat(CompletableFuture.allOf(running.toArray(CompletableFuture<?>[]::new)))
        .succeedsWithin(2, TimeUnit.MINUTES);
  }

  private static void repeat(Runnable task) {
    for (int i = 0; i < ROUNDS; i++) {
      task.run();
    }
  }
}
