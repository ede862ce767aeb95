package io.pagebook.clients;

import java.net.URI;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;

/** Caches as an application gets them: through {@link Caching}, on a directory of books. */
final class SharedCaches {
  private SharedCaches() {}

  static CacheManager manager(URI directory) {
    return Caching.getCachingProvider().getCacheManager(directory, null);
  }

  static <V> Cache<String, V> create(URI directory, String name, Class<V> valueType) {
    return manager(directory)
        .createCache(name, new MutableConfiguration<String, V>().setTypes(String.class, valueType));
  }
}
