package io.pagebook.jcache.event;

import io.pagebook.jcache.integration.ApplicationObjects;
import java.util.List;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryListener;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * One listener with its filter, as it was registered. As thread-safe as these two.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class ListenerRegistration<K, V> {
  private final CacheEntryListenerConfiguration<K, V> configuration;
  private final CacheEntryListener<? super K, ? super V> listener;
  private final @Nullable CacheEntryEventFilter<? super K, ? super V> filter;
  private final boolean oldValueRequired;
  private final boolean synchronous;

  ListenerRegistration(CacheEntryListenerConfiguration<K, V> configuration, String cacheName) {
    this.configuration = configuration;
    Factory<CacheEntryListener<? super K, ? super V>> listeners =
        configuration.getCacheEntryListenerFactory();
    if (listeners == null) {
      throw new IllegalArgumentException(
          "listener configuration has no listener factory: cache=" + cacheName + "; set one");
    }
    oldValueRequired = configuration.isOldValueRequired();
    synchronous = configuration.isSynchronous();
    listener = ApplicationObjects.create(listeners, "listener", cacheName);
    boolean complete = false;
    try {
      Factory<CacheEntryEventFilter<? super K, ? super V>> filters =
          configuration.getCacheEntryEventFilterFactory();
      filter =
          filters == null ? null : ApplicationObjects.create(filters, "event filter", cacheName);
      complete = true;
    } finally {
      if (!complete) {
        ApplicationObjects.close(List.of(listener));
      }
    }
  }

  CacheEntryListenerConfiguration<K, V> configuration() {
    return configuration;
  }

  CacheEntryListener<? super K, ? super V> listener() {
    return listener;
  }

  @Nullable CacheEntryEventFilter<? super K, ? super V> filter() {
    return filter;
  }

  boolean isOldValueRequired() {
    return oldValueRequired;
  }

  boolean isSynchronous() {
    return synchronous;
  }

  boolean hears(EventType type) {
    return switch (type) {
      case CREATED -> listener instanceof CacheEntryCreatedListener;
      case UPDATED -> listener instanceof CacheEntryUpdatedListener;
      case REMOVED -> listener instanceof CacheEntryRemovedListener;
      case EXPIRED -> listener instanceof CacheEntryExpiredListener;
    };
  }

  /**
   * Tells the listener, if it hears of such events and the filter lets it through.
   *
   * @throws CacheEntryListenerException if listener or filter fail
   */
  void deliver(Cache<K, V> source, Happening<K, V> happening) {
    if (!hears(happening.type())) {
      return;
    }
    CacheEntryEvent<K, V> event =
        oldValueRequired
            ? EntryEvent.withOldValue(source, happening)
            : EntryEvent.withoutOldValue(source, happening);
    try {
      if (filter == null || filter.evaluate(event)) {
        tell(happening.type(), List.of(event));
      }
    } catch (CacheEntryListenerException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new CacheEntryListenerException(
          "listener failed: listener=" + listener.getClass().getName() + ", reason=" + e, e);
    }
  }

  // the listener is one of <? super K, ? super V>, so it takes events of <K, V>
  @SuppressWarnings("unchecked")
  private void tell(EventType type, Iterable<CacheEntryEvent<? extends K, ? extends V>> events) {
    switch (type) {
      case CREATED -> ((CacheEntryCreatedListener<K, V>) listener).onCreated(events);
      case UPDATED -> ((CacheEntryUpdatedListener<K, V>) listener).onUpdated(events);
      case REMOVED -> ((CacheEntryRemovedListener<K, V>) listener).onRemoved(events);
      case EXPIRED -> ((CacheEntryExpiredListener<K, V>) listener).onExpired(events);
    }
  }
}
