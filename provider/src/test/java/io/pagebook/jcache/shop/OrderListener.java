package io.pagebook.jcache.shop;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryUpdatedListener;

/** Remembers changes as {@code old>new} in cents. */
public final class OrderListener implements CacheEntryUpdatedListener<Long, Order> {
  /** All changes, in order. */
  public static final Queue<String> CHANGES = new ConcurrentLinkedQueue<>();

  @Override
  public void onUpdated(Iterable<CacheEntryEvent<? extends Long, ? extends Order>> events) {
    events.forEach(
        event -> CHANGES.add(event.getOldValue().cents() + ">" + event.getValue().cents()));
  }
}
