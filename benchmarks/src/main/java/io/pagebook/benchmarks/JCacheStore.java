package io.pagebook.benchmarks;

import com.github.benmanes.caffeine.jcache.configuration.CaffeineConfiguration;
import com.github.benmanes.caffeine.jcache.spi.CaffeineCachingProvider;
import io.pagebook.jcache.PageBookCachingProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;

/** A JCache, reached the way an application reaches it. */
final class JCacheStore implements Store {
  private static final String NAME = "benchmark";

  private final CacheManager manager;
  private final Cache<Long, String> cache;

  private JCacheStore(CacheManager manager, Cache<Long, String> cache) {
    this.manager = manager;
    this.cache = cache;
  }

  /** The provider with a shared manager on {@code directory}. */
  static JCacheStore pagebook(Path directory) {
    return pagebook(directory.toUri());
  }

  /** The same with a near-cache. */
  static JCacheStore pagebookNear(Path directory, int entries) {
    Path document = directory.resolve("pagebook.xml");
    try {
      Files.writeString(
          document,
          "<pagebook xmlns=\"urn:pagebook:config:1\"><directory path=\""
              + directory
              + "\"/><default-cache><near-cache max-entries=\""
              + entries
              + "\"/></default-cache></pagebook>");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pagebook(document.toUri());
  }

  private static JCacheStore pagebook(URI uri) {
    CacheManager manager =
        Caching.getCachingProvider(PageBookCachingProvider.class.getName())
            .getCacheManager(uri, null);
    Cache<Long, String> existing = manager.getCache(NAME, Long.class, String.class);
    return new JCacheStore(
        manager,
        existing != null
            ? existing
            : manager.createCache(
                NAME, new MutableConfiguration<Long, String>().setTypes(Long.class, String.class)));
  }

  /** Caffeine's own adapter, by value as is the default, bounded as the near-cache is. */
  static JCacheStore caffeine(int entries) {
    CaffeineConfiguration<Long, String> configuration = new CaffeineConfiguration<>();
    configuration.setTypes(Long.class, String.class);
    configuration.setMaximumSize(OptionalLong.of(entries));
    CacheManager manager =
        Caching.getCachingProvider(CaffeineCachingProvider.class.getName()).getCacheManager();
    return new JCacheStore(manager, manager.createCache(NAME, configuration));
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
