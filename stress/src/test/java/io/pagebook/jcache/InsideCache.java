package io.pagebook.jcache;

import javax.cache.Cache;

/** What the provider does not tell its users. */
public final class InsideCache {
  private InsideCache() {}

  /** Reads of a cache with a near-cache that had to ask the book. */
  public static long nearBookReads(Cache<?, ?> cache) {
    return cache.unwrap(PageBookCache.class).nearBookReads();
  }
}
