package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.PageBook;
import java.io.Closeable;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.configuration.OptionalFeature;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.Test;

class LifecycleTest extends CacheTestBase {
  private final List<String> closed = new CopyOnWriteArrayList<>();

  @Test
  void storeByReferenceIsDeclined() {
    assertThat(provider.isSupported(OptionalFeature.STORE_BY_REFERENCE)).isFalse();
    assertThatThrownBy(() -> cache(new MutableConfiguration<>().setStoreByValue(false)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("cache=cache");
    assertThat(provider.getCacheManager().getCacheNames()).isEmpty();
  }

  @Test
  void aPrivateBookGoesWithItsCache() {
    Cache<Object, Object> cache = cache();
    cache.put("k", "v");
    Path book = cache.unwrap(PageBook.class).file();

    cache.close();

    assertThat(book).doesNotExist();
    assertThat(cache().get("k")).isNull();
  }

  @Test
  void aPrivateDirectoryGoesWithItsManager() {
    Path directory = cache().unwrap(PageBook.class).file().getParent();
    assertThat(directory).isDirectory();

    provider.getCacheManager().close();

    assertThat(directory).doesNotExist();
  }

  @Test
  void twoPrivateManagersShareNothing() {
    ClassLoader other = new ClassLoader(getClass().getClassLoader()) {};
    cache().put("k", "v");

    Cache<Object, Object> theirs =
        provider.getCacheManager(null, other).createCache("cache", new MutableConfiguration<>());

    assertThat(theirs.get("k")).isNull();
  }

  @Test
  void customizationsAreClosedOnceWithTheCache() {
    Cache<Object, Object> cache = cache(closeableConfiguration());

    cache.close();
    cache.close();

    assertThat(closed).containsExactlyInAnyOrder("loader", "policy", "listener");
  }

  @Test
  void customizationsAreClosedEvenIfOneFails() {
    MutableConfiguration<Object, Object> configuration = closeableConfiguration();
    configuration.setExpiryPolicyFactory(
        Recorder.factory(
            new ClosingPolicy() {
              @Override
              public void close() {
                throw new IllegalStateException("on purpose");
              }
            }));

    cache(configuration).close();

    assertThat(closed).containsExactlyInAnyOrder("loader", "listener");
  }

  @Test
  void customizationsAreClosedIfTheCacheCannotBeMade() {
    MutableConfiguration<Object, Object> configuration = closeableConfiguration();
    configuration.setCacheWriterFactory(
        () -> {
          throw new IllegalStateException("on purpose");
        });

    assertThatThrownBy(() -> cache(configuration)).hasStackTraceContaining("on purpose");

    assertThat(closed).containsExactlyInAnyOrder("loader", "policy");
    cache();
  }

  @Test
  void aListenerIsClosedIfItsFilterCannotBeMade() {
    MutableCacheEntryListenerConfiguration<Object, Object> configuration =
        new MutableCacheEntryListenerConfiguration<>(
            Recorder.factory(new ClosingListener()),
            () -> {
              throw new IllegalStateException("on purpose");
            },
            false,
            true);

    assertThatThrownBy(
            () ->
                cache(
                    new MutableConfiguration<>().addCacheEntryListenerConfiguration(configuration)))
        .hasStackTraceContaining("on purpose");
    assertThat(closed).containsExactly("listener");

    assertThatThrownBy(() -> cache().registerCacheEntryListener(configuration))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("event filter cannot be made: cache=cache, reason=");
    assertThat(closed).containsExactly("listener", "listener");
  }

  @Test
  void readingOrWritingThroughNeedsAFactory() {
    assertThatThrownBy(() -> cache(new MutableConfiguration<>().setReadThrough(true)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no loader: cache=cache; call setCacheLoaderFactory");
    assertThatThrownBy(() -> cache(new MutableConfiguration<>().setWriteThrough(true)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no writer: cache=cache; call setCacheWriterFactory");
    assertThat(provider.getCacheManager().getCacheNames()).isEmpty();
  }

  @Test
  void closeWaitsForAProcessorUnderWay() throws InterruptedException {
    Cache<Object, Object> cache = cache(closeableConfiguration());
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<Object> invoked =
        async(
            () ->
                cache.invoke(
                    "k",
                    (EntryProcessor<Object, Object, Object>)
                        (entry, arguments) -> {
                          inside.countDown();
                          awaitQuietly(goOn);
                          entry.setValue("v");
                          return List.copyOf(closed);
                        }));
    assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Void> closing = run(cache::close);
    assertThatThrownBy(
            () -> {
              while (true) {
                cache.put("other", "v");
              }
            })
        .isInstanceOf(IllegalStateException.class);
    assertThat(closing).isNotDone();

    goOn.countDown();

    assertThat(invoked).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo(List.of());
    assertThat(closing).succeedsWithin(30, TimeUnit.SECONDS);
    assertThat(closed).hasSize(3);
  }

  @Test
  void aProcessorMayCloseItsCache() {
    Cache<Object, Object> cache = cache();
    cache.put("k", "v");

    CompletableFuture<Object> invoked =
        async(
            () -> {
              try {
                return cache.invoke(
                    "k",
                    (EntryProcessor<Object, Object, Object>)
                        (entry, arguments) -> {
                          cache.close();
                          return "closed";
                        });
              } catch (IllegalStateException e) {
                return "closed";
              }
            });

    assertThat(invoked).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo("closed");
    assertThat(cache.isClosed()).isTrue();
  }

  /** No frame is in use then, so the thread's frames may go, but not the count of operations. */
  @Test
  void aLoaderMayCloseItsCacheAfterACollection() {
    CompletableFuture<Cache<Object, Object>> own = new CompletableFuture<>();
    CacheLoader<Object, Object> closing =
        new CacheLoader<>() {
          @Override
          public Object load(Object key) {
            throw new UnsupportedOperationException();
          }

          @Override
          public java.util.Map<Object, Object> loadAll(Iterable<?> keys) {
            System.gc();
            own.join().close();
            return java.util.Map.of();
          }
        };
    own.complete(
        cache(new MutableConfiguration<>().setCacheLoaderFactory(Recorder.factory(closing))));
    CompletionListenerFuture loaded = new CompletionListenerFuture();

    own.join().loadAll(Set.of("k"), false, loaded);

    assertThat(loaded).succeedsWithin(5, TimeUnit.SECONDS); // less than the lock timeout
    assertThat(own.join().isClosed()).isTrue();
  }

  @Test
  void aCacheCanBeMadeAgainWhileItIsBeingClosed() {
    for (int i = 0; i < 20; i++) {
      Cache<Object, Object> cache = cache();
      CompletableFuture<Void> closing = run(cache::close);
      while (!cache.isClosed()) {
        Thread.onSpinWait();
      }

      Cache<Object, Object> again = cache();
      again.put("k", "v");

      assertThat(closing).succeedsWithin(30, TimeUnit.SECONDS);
      assertThat(again.get("k")).isEqualTo("v");
      again.close();
    }
  }

  @Test
  void aLoadThatComesTooLateIsReported() {
    CompletableFuture<Void> inLoader = new CompletableFuture<>();
    CountDownLatch goOn = new CountDownLatch(1);
    Cache<Object, Object> cache =
        cache(
            new MutableConfiguration<>()
                .setCacheLoaderFactory(
                    Recorder.factory(
                        new CacheLoader<>() {
                          @Override
                          public Object load(Object key) {
                            throw new UnsupportedOperationException();
                          }

                          @Override
                          public java.util.Map<Object, Object> loadAll(Iterable<?> keys) {
                            inLoader.complete(null);
                            awaitQuietly(goOn);
                            return java.util.Map.of();
                          }
                        })));
    CompletionListenerFuture first = new CompletionListenerFuture();
    CompletionListenerFuture second = new CompletionListenerFuture();
    cache.loadAll(Set.of("a"), true, first);
    cache.loadAll(Set.of("b"), true, second);
    assertThat(inLoader).succeedsWithin(30, TimeUnit.SECONDS);
    CompletableFuture<Void> closing = run(cache::close);
    while (!cache.isClosed()) {
      Thread.onSpinWait();
    }

    goOn.countDown();

    assertThat(closing).succeedsWithin(30, TimeUnit.SECONDS);
    assertThat(first).isDone();
    assertThatThrownBy(() -> second.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void beansComeAndGoWithTheirSwitchesAndTheCache() {
    Cache<Object, Object> cache = cache();
    assertThat(Beans.isRegistered("CacheStatistics", cache)).isFalse();

    provider.getCacheManager().enableStatistics("cache", true);
    provider.getCacheManager().enableStatistics("cache", true);
    provider.getCacheManager().enableManagement("cache", true);
    assertThat(Beans.isRegistered("CacheStatistics", cache)).isTrue();
    assertThat(Beans.configuration(cache).isStatisticsEnabled()).isTrue();
    assertThat(Beans.configuration(cache).isManagementEnabled()).isTrue();

    provider.getCacheManager().enableStatistics("cache", false);
    assertThat(Beans.isRegistered("CacheStatistics", cache)).isFalse();
    assertThat(Beans.configuration(cache).isStatisticsEnabled()).isFalse();

    cache.close();
    assertThat(Beans.isRegistered("CacheConfiguration", cache)).isFalse();
  }

  @Test
  void beansOfAnyNameCanBeFound() {
    for (String name : List.of("a,b:c=d\ne", "every*one?", "\"quoted\"", "")) {
      Cache<Object, Object> cache =
          provider
              .getCacheManager()
              .createCache(name, new MutableConfiguration<>().setStatisticsEnabled(true));
      String shown = name.replaceAll("[,:=\n*?\"]", ".");

      assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(null, null))
          .anyMatch(
              bean ->
                  bean.getDomain().equals("javax.cache")
                      && shown.equals(bean.getKeyProperty("Cache"))
                      && "pagebook.private".equals(bean.getKeyProperty("CacheManager")));
      cache.close();
    }
  }

  @Test
  void theSecondOfTwoManagersWithOneNameLeavesTheFirstOnesBeanAlone() {
    ClassLoader other = new ClassLoader(getClass().getClassLoader()) {};
    MutableConfiguration<Object, Object> configuration =
        new MutableConfiguration<>().setStatisticsEnabled(true);
    Cache<Object, Object> mine = cache(configuration);
    Cache<Object, Object> theirs =
        provider.getCacheManager(null, other).createCache("cache", configuration);

    theirs.close();

    assertThat(Beans.isRegistered("CacheStatistics", mine)).isTrue();
  }

  @Test
  @SuppressWarnings("unchecked") // the classes of configurations are raw
  void theConfigurationShowsWhatHolds() {
    MutableConfiguration<Object, Object> configuration = new MutableConfiguration<>();
    PageBookCache<Object, Object> cache = cache(configuration);
    configuration.setReadThrough(true);
    MutableCacheEntryListenerConfiguration<Object, Object> listener =
        new MutableCacheEntryListenerConfiguration<>(
            Recorder.factory(new ClosingListener()), null, false, true);

    cache.registerCacheEntryListener(listener);

    CompleteConfiguration<?, ?> shown = cache.getConfiguration(CompleteConfiguration.class);
    assertThat(shown.isReadThrough()).isFalse();
    assertThat(shown.getCacheEntryListenerConfigurations()).hasSize(1);
    assertThatThrownBy(() -> cache.registerCacheEntryListener(listener))
        .isInstanceOf(IllegalArgumentException.class);
    cache.deregisterCacheEntryListener(listener);
    assertThat(closed).isEmpty();
    assertThatThrownBy(() -> cache.getConfiguration(MutableConfiguration.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void unwrapsToItselfAndItsBook() {
    PageBookCache<Object, Object> cache = cache();

    assertThat((Object) cache.unwrap(PageBookCache.class)).isSameAs(cache);
    assertThat(cache.unwrap(PageBook.class).count()).isEqualTo(1); // the header
    assertThatThrownBy(() -> cache.unwrap(String.class))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> provider.getCacheManager().unwrap(String.class))
        .isInstanceOf(IllegalArgumentException.class);
    cache.put("k", "v");
    assertThatThrownBy(() -> cache.iterator().next().unwrap(String.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNameIsTakenOnce() {
    cache();

    assertThatThrownBy(this::cache)
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("cache exists: cache=cache");
  }

  private MutableConfiguration<Object, Object> closeableConfiguration() {
    return new MutableConfiguration<>()
        .setCacheLoaderFactory(Recorder.factory(new ClosingLoader(() -> closed.add("loader"))))
        .setExpiryPolicyFactory(Recorder.factory(new ClosingPolicy()))
        .addCacheEntryListenerConfiguration(
            new MutableCacheEntryListenerConfiguration<>(
                Recorder.factory(new ClosingListener()), null, false, true));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private class ClosingPolicy implements ExpiryPolicy, Closeable {
    @Override
    public Duration getExpiryForCreation() {
      return Duration.ETERNAL;
    }

    @Override
    public Duration getExpiryForAccess() {
      return Duration.ETERNAL;
    }

    @Override
    public Duration getExpiryForUpdate() {
      return Duration.ETERNAL;
    }

    @Override
    public void close() {
      closed.add("policy");
    }
  }

  private final class ClosingListener
      implements CacheEntryCreatedListener<Object, Object>, Closeable {
    @Override
    public void onCreated(Iterable<CacheEntryEvent<?, ?>> events) {}

    @Override
    public void close() {
      closed.add("listener");
    }
  }
}
