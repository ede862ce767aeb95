package io.pagebook.clients;

import io.github.bucket4j.grid.jcache.Bucket4jJCache;
import io.github.bucket4j.tck.AbstractDistributedBucketTest;
import io.github.bucket4j.tck.ProxyManagerSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import javax.cache.Cache;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Bucket4j's suite for its own back ends; the build counts its tests. */
class BucketSuiteTest extends AbstractDistributedBucketTest {
  @TempDir static Path directory;

  private static Cache<String, byte[]> cache;

  @BeforeAll
  static void open() {
    cache = SharedCaches.create(directory.toUri(), "buckets", byte[].class);
    specs =
        List.of(
            new ProxyManagerSpec<>(
                "Pagebook",
                () -> UUID.randomUUID().toString(),
                () -> Bucket4jJCache.entryProcessorBasedBuilder(cache)));
  }

  @AfterAll
  static void close() {
    cache.getCacheManager().close();
  }
}
