package io.pagebook.jcache.shop;

import java.util.HashMap;
import java.util.Map;
import javax.cache.integration.CacheLoader;

/** Loads an order that costs as many cents as its number. */
public final class OrderLoader implements CacheLoader<Long, Order> {
  @Override
  public Order load(Long key) {
    return new Order(key, key.intValue());
  }

  @Override
  public Map<Long, Order> loadAll(Iterable<? extends Long> keys) {
    Map<Long, Order> loaded = new HashMap<>();
    keys.forEach(key -> loaded.put(key, load(key)));
    return loaded;
  }
}
