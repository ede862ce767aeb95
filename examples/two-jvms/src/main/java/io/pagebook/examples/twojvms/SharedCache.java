package io.pagebook.examples.twojvms;

import java.nio.file.Path;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;

/** The cache that all processes of this example open: it lives in the files of a directory. */
final class SharedCache {
  private static final String NAME = "two-jvms";

  private SharedCache() {}

  /**
   * The manager of all caches in {@code directory}; its URI is what the processes have in common.
   */
  static CacheManager manager(Path directory) {
    return Caching.getCachingProvider().getCacheManager(directory.toUri(), null);
  }

  /** Creates the cache, or attaches to it if another process was first. */
  static Cache<String, String> open(CacheManager manager) {
    Cache<String, String> existing = manager.getCache(NAME, String.class, String.class);
    return existing != null
        ? existing
        : manager.createCache(
            NAME, new MutableConfiguration<String, String>().setTypes(String.class, String.class));
  }
}
