package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The contestants. A constant's name is what {@code --stores} and the {@code store} parameter take.
 */
public enum StoreKind {
  /** A map on the heap of one process: the floor, which nothing that copies can reach. */
  HEAP_MAP("ConcurrentHashMap"),
  /** The one rival in Java that processes share. */
  CHRONICLE_MAP("Chronicle Map"),
  /** A book under integer IDs. */
  PAGEBOOK("Pagebook, IDs"),
  /** A book under keys of eight bytes: what a provider builds on. */
  PAGEBOOK_RECORDS("Pagebook, records"),
  /** A book through the JCache API. */
  PAGEBOOK_JCACHE("Pagebook JCache"),
  /** The same with a near-cache that holds all entries: every read repeats. */
  PAGEBOOK_JCACHE_NEAR("Pagebook JCache, near-cache"),
  /** The same API over the heap of one process: the yardstick of the near-cache. */
  CAFFEINE_JCACHE("Caffeine JCache"),
  /** The same API over the heap of one process. */
  EHCACHE_HEAP("Ehcache, heap"),
  /** The same API over memory of one process, outside the heap. */
  EHCACHE_OFF_HEAP("Ehcache, off-heap"),
  /** The same API over a file that outlives its process. */
  EHCACHE_DISK("Ehcache, disk"),
  /** A hash map in a file of one process. */
  MAPDB("MapDB"),
  /** A B-tree in native code, in a file that processes share. */
  LMDB("LMDB"),
  /** A B-tree in a file of one process. */
  MVSTORE("H2 MVStore"),
  /** A log-structured tree in native code, in files of one process. */
  ROCKSDB("RocksDB"),
  /** A server on the same host, which any process can ask. */
  REDIS("Redis, loopback");

  private final String label;

  StoreKind(String label) {
    this.label = label;
  }

  /** The name in reports. */
  String label() {
    return label;
  }

  /** Whether it is Pagebook in one of its forms. */
  boolean isPagebook() {
    return name().startsWith(PAGEBOOK.name());
  }

  /** Whether its entries are in files. */
  boolean hasFiles() {
    return switch (this) {
      case HEAP_MAP, CAFFEINE_JCACHE, EHCACHE_HEAP, EHCACHE_OFF_HEAP, REDIS -> false;
      default -> true;
    };
  }

  /** What keeps it from running on this machine, and the remedy; null if nothing does. */
  @Nullable String obstacle() {
    return this == REDIS && !RedisServer.isInstalled() ? RedisServer.NOT_INSTALLED : null;
  }

  /** What the JVM needs on its command line before it can use this store. */
  List<String> jvmFlags() {
    return switch (this) {
      case CHRONICLE_MAP -> ChronicleMapStore.JVM_FLAGS;
      case EHCACHE_OFF_HEAP -> EhcacheTiers.JVM_FLAGS;
      case LMDB -> LmdbStore.JVM_FLAGS;
      default -> List.of();
    };
  }

  /**
   * Opens the store in {@code directory}, or attaches to the one there.
   *
   * @param shape how much it will hold, for stores that must be told
   */
  <V> Store<V> open(Path directory, Shape<V> shape) {
    return switch (this) {
      case HEAP_MAP -> MapStore.onHeap(shape);
      case CHRONICLE_MAP -> ChronicleMapStore.open(directory, shape);
      case PAGEBOOK -> new PageBookStore<>(directory, shape);
      case PAGEBOOK_RECORDS -> new RecordBookStore<>(directory, shape);
      case PAGEBOOK_JCACHE -> JCacheStore.pagebook(directory, shape);
      case PAGEBOOK_JCACHE_NEAR -> JCacheStore.pagebookNear(directory, shape);
      case CAFFEINE_JCACHE -> JCacheStore.caffeine(shape);
      case EHCACHE_HEAP -> EhcacheTiers.heap(shape);
      case EHCACHE_OFF_HEAP -> EhcacheTiers.offHeap(shape);
      case EHCACHE_DISK -> EhcacheTiers.disk(directory, shape);
      case MAPDB -> MapDbStore.open(directory, shape);
      case LMDB -> new LmdbStore<>(directory, shape);
      case MVSTORE -> MvStoreStore.open(directory, shape);
      case ROCKSDB -> new RocksDbStore<>(directory, shape);
      case REDIS -> new RedisStore<>(directory, shape);
    };
  }
}
