package io.pagebook.benchmarks;

import java.nio.file.Path;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The provider, reached the way an application reaches it, with a shared manager on {@code
 * directory}.
 */
final class JCacheStore implements Store {
  private final CacheManager manager;
  private final Cache<Long, String> cache;

  JCacheStore(Path directory) {
    manager = Caching.getCachingProvider().getCacheManager(directory.toUri(), null);
    Cache<Long, String> existing = manager.getCache("benchmark", Long.class, String.class);
    cache =
        existing != null
            ? existing
            : manager.createCache(
                "benchmark",
                new MutableConfiguration<Long, String>().setTypes(Long.class, String.class));
  }

  @Override
  public @Nullable String get(long key) {
    return cache.get(key);
  }

  @Override
  public void put(long key, String value) {
    cache.put(key, value);
  }

  @Override
  public void close() {
    manager.close();
  }
}
