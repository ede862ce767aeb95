package io.pagebook.jcache.shop;

import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;

/** Orders of at least 1000 cents. */
public final class LargeOrders implements CacheEntryEventFilter<Long, Order> {
  @Override
  public boolean evaluate(CacheEntryEvent<? extends Long, ? extends Order> event) {
    return event.getValue().cents() >= 1000;
  }
}
