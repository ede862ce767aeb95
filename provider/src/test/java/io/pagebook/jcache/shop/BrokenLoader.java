package io.pagebook.jcache.shop;

import java.util.Map;
import javax.cache.integration.CacheLoader;

/** A loader that cannot be made. */
public final class BrokenLoader implements CacheLoader<Long, Order> {
  public BrokenLoader() {
    throw new IllegalStateException("no database");
  }

  @Override
  public Order load(Long key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<Long, Order> loadAll(Iterable<? extends Long> keys) {
    throw new UnsupportedOperationException();
  }
}
