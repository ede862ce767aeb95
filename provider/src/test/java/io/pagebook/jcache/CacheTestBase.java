package io.pagebook.jcache;

import java.net.URI;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;

/**
 * A provider of its own for each test, with a clock that only the test moves, and threads that end
 * with it.
 */
abstract class CacheTestBase {
  final TestClock clock = new TestClock();
  final PageBookCachingProvider provider = new PageBookCachingProvider(clock);
  final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void closeAll() {
    threads.shutdownNow();
    provider.close();
  }

  /** A private cache of untyped keys and values. */
  PageBookCache<Object, Object> cache() {
    return cache(new MutableConfiguration<>());
  }

  <K, V> PageBookCache<K, V> cache(MutableConfiguration<K, V> configuration) {
    return provider.getCacheManager().createCache("cache", configuration);
  }

  /** A manager of a shared directory, as another application or process would have it. */
  PageBookCacheManager manager(PageBookCachingProvider owner, Path directory, String... allowed) {
    Properties properties = new Properties();
    properties.setProperty("io.pagebook.jcache.allow", String.join(",", allowed));
    URI uri = directory.toUri();
    return owner.getCacheManager(uri, null, properties);
  }

  <T> CompletableFuture<T> async(java.util.function.Supplier<T> task) {
    return CompletableFuture.supplyAsync(task, threads);
  }

  CompletableFuture<Void> run(Runnable task) {
    return CompletableFuture.runAsync(task, threads);
  }
}
