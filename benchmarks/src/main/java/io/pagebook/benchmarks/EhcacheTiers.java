package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.List;
import javax.cache.CacheManager;
import javax.cache.Caching;
import org.ehcache.config.Configuration;
import org.ehcache.config.builders.CacheConfigurationBuilder;
import org.ehcache.config.builders.ResourcePoolsBuilder;
import org.ehcache.config.units.EntryUnit;
import org.ehcache.config.units.MemoryUnit;
import org.ehcache.core.config.DefaultConfiguration;
import org.ehcache.impl.config.persistence.DefaultPersistenceConfiguration;
import org.ehcache.jsr107.Eh107Configuration;
import org.ehcache.jsr107.EhcacheCachingProvider;

/**
 * Ehcache 3 through its JCache provider. Its manual puts a small heap tier before each of the
 * others: here it holds one entry in a hundred. The other tier has room for all entries; those of
 * the heap are kept by reference, as is its default.
 */
final class EhcacheTiers {
  /** Its off-heap tier counts against what a JVM may allocate directly. */
  static final List<String> JVM_FLAGS = List.of("-XX:MaxDirectMemorySize=8g");

  private static final int HEAP_SHARE = 100;

  /** Room for a key, the bookkeeping of an entry, and uneven segments. */
  private static final int OVERHEAD_BYTES = 200;

  private EhcacheTiers() {}

  static <V> JCacheStore<V> heap(Shape<V> shape) {
    return open(
        new DefaultConfiguration(EhcacheTiers.class.getClassLoader()),
        shape,
        ResourcePoolsBuilder.heap(shape.entries()));
  }

  static <V> JCacheStore<V> offHeap(Shape<V> shape) {
    return open(
        new DefaultConfiguration(EhcacheTiers.class.getClassLoader()),
        shape,
        smallHeap(shape).offheap(roomMiB(shape), MemoryUnit.MB));
  }

  static <V> JCacheStore<V> disk(Path directory, Shape<V> shape) {
    return open(
        new DefaultConfiguration(
            EhcacheTiers.class.getClassLoader(),
            new DefaultPersistenceConfiguration(directory.toFile())),
        shape,
        smallHeap(shape).disk(roomMiB(shape), MemoryUnit.MB, true));
  }

  private static ResourcePoolsBuilder smallHeap(Shape<?> shape) {
    return ResourcePoolsBuilder.newResourcePoolsBuilder()
        .heap(Math.max(1, shape.entries() / HEAP_SHARE), EntryUnit.ENTRIES);
  }

  private static long roomMiB(Shape<?> shape) {
    return 64 + 2L * shape.roomMiB(OVERHEAD_BYTES);
  }

  private static <V> JCacheStore<V> open(
      Configuration configuration, Shape<V> shape, ResourcePoolsBuilder tiers) {
    EhcacheCachingProvider provider =
        (EhcacheCachingProvider) Caching.getCachingProvider(EhcacheCachingProvider.class.getName());
    CacheManager manager = provider.getCacheManager(JCacheStore.newUri(), configuration);
    return new JCacheStore<>(
        manager,
        shape,
        Eh107Configuration.fromEhcacheCacheConfiguration(
            CacheConfigurationBuilder.newCacheConfigurationBuilder(
                Long.class, shape.form().type(), tiers)));
  }
}
