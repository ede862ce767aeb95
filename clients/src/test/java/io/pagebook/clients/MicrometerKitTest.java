package io.pagebook.clients;

import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinderCompatibilityKit;
import io.micrometer.core.instrument.binder.cache.JCacheMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.cache.Cache;
import javax.cache.CacheManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Micrometer's kit for cache metrics, on a cache from an XML document whose path has a space and an
 * equals sign in it; the build counts its tests.
 */
class MicrometerKitTest extends CacheMeterBinderCompatibilityKit<Cache<String, String>> {
  @TempDir Path directory;

  private CacheManager manager;

  @Override
  public Cache<String, String> createCache() {
    manager = SharedCaches.manager(encoded(document()));
    return manager.getCache("mycache", String.class, String.class);
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

  private Path document() {
    Path home = directory.resolve("a b=c");
    String text =
        """
        <pagebook xmlns="urn:pagebook:config:1">
          <directory path="BOOKS"/>
          <cache name="mycache" key-type="java.lang.String" value-type="java.lang.String">
            <statistics enabled="true"/>
          </cache>
        </pagebook>
        """
            .replace("BOOKS", home.resolve("books").toString());
    try {
      Files.createDirectories(home);
      return Files.writeString(home.resolve("pagebook.xml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
