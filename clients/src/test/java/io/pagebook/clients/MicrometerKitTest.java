package io.pagebook.clients;

import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinderCompatibilityKit;
import io.micrometer.core.instrument.binder.cache.JCacheMetrics;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Micrometer's kit for cache metrics, on a manager whose directory has a space and an equals sign
 * in its path; the build counts its tests.
 */
class MicrometerKitTest extends CacheMeterBinderCompatibilityKit<Cache<String, String>> {
  /** The name that the kit looks for. */
  private static final String NAME = "mycache";

  @TempDir Path directory;

  private CacheManager manager;

  @Override
  public Cache<String, String> createCache() {
    manager = SharedCaches.manager(encoded(directory.resolve("a b=c")));
    return manager.createCache(
        NAME,
        new MutableConfiguration<String, String>()
            .setTypes(String.class, String.class)
            .setStatisticsEnabled(true));
  }

  @Override
  public CacheMeterBinder<Cache<String, String>> binder() {
    return new JCacheMetrics<>(cache, List.of());
  }

  @Override
  public void put(String key, String value) {
    cache.put(key, value);
  }

  @Override
  public String get(String key) {
    return cache.get(key);
  }

  /** Also closes the cache, which its manager holds for as long as it is open. */
  @Override
  public void dereferenceCache() {
    cache.close();
    super.dereferenceCache();
  }

  /**
   * An equals sign must be written as %3D: Micrometer takes the URI into the bean's name as it is.
   */
  private static URI encoded(Path path) {
    return URI.create(path.toUri().toString().replace("=", "%3D"));
  }

  @AfterEach
  void close() {
    manager.close();
  }
}
