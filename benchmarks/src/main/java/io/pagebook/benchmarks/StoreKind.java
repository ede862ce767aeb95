package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.List;

/**
 * The contestants. A constant's name is what {@code --stores} and the {@code store} parameter take.
 */
public enum StoreKind {
  /** A map on the heap of one process: the floor, which nothing that copies can reach. */
  HEAP_MAP("ConcurrentHashMap"),
  /** The one rival that processes share. */
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
  CAFFEINE_JCACHE("Caffeine JCache");

  private final String label;

  StoreKind(String label) {
    this.label = label;
  }

  /** The name in reports. */
  String label() {
    return label;
  }

  /** Whether its entries are in files. */
  boolean hasFiles() {
    return this != HEAP_MAP && this != CAFFEINE_JCACHE;
  }

  /** What the JVM needs on its command line before it can use this store. */
  List<String> jvmFlags() {
    return this == CHRONICLE_MAP ? ChronicleMapStore.JVM_FLAGS : List.of();
  }

  /**
   * Opens the store in {@code directory}, or attaches to the one there.
   *
   * @param entries how many it will hold, for stores that must be told
   */
  Store open(Path directory, int entries) {
    return switch (this) {
      case HEAP_MAP -> new HeapMapStore(entries);
      case CHRONICLE_MAP -> new ChronicleMapStore(directory, entries);
      case PAGEBOOK -> new PageBookStore(directory);
      case PAGEBOOK_RECORDS -> new RecordBookStore(directory);
      case PAGEBOOK_JCACHE -> JCacheStore.pagebook(directory);
      case PAGEBOOK_JCACHE_NEAR -> JCacheStore.pagebookNear(directory, entries);
      case CAFFEINE_JCACHE -> JCacheStore.caffeine(entries);
    };
  }
}
