package io.pagebook.benchmarks.hitrate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/** Caffeine itself, W-TinyLFU, on the caller's thread. */
final class CaffeinePlayer implements Player {
  private final Cache<Integer, Boolean> cache;

  CaffeinePlayer(int capacity) {
    this.cache =
        Caffeine.newBuilder()
            .maximumSize(capacity)
            .initialCapacity(capacity)
            .executor(Runnable::run)
            .build();
  }

  @Override
  public boolean access(int key) {
    boolean hit = cache.getIfPresent(key) != null;
    if (!hit) {
      cache.put(key, Boolean.TRUE);
    }
    return hit;
  }
}
