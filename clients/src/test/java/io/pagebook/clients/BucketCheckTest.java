package io.pagebook.clients;

import io.github.bucket4j.grid.jcache.CompatibilityTest;
import java.net.URI;
import java.nio.file.Path;
import javax.cache.Cache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check that Bucket4j asks of a provider, with a shared manager in one JVM. */
class BucketCheckTest {
  @TempDir Path directory;

  @Test
  void theProviderIsCompatible() throws InterruptedException {
    URI uri = directory.toUri();
    Cache<String, Integer> cache = SharedCaches.create(uri, "check", Integer.class);
    try {
      new CompatibilityTest(cache).test(); // throws if writes are missing
    } finally {
      cache.getCacheManager().close();
    }
  }
}
