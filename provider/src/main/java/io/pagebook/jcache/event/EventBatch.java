package io.pagebook.jcache.event;

import java.util.ArrayList;
import java.util.List;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one key in one operation, collected while the key is locked and delivered when
 * it is not. For one thread.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class EventBatch<K, V> {
  private final Listeners<K, V> listeners;
  private final List<Happening<K, V>> happenings = new ArrayList<>(2);

  EventBatch(Listeners<K, V> listeners) {
    this.listeners = listeners;
  }

  public void created(K key, V value) {
    happenings.add(new Happening<>(EventType.CREATED, key, value, null));
  }

  public void updated(K key, V value, @Nullable V oldValue) {
    happenings.add(new Happening<>(EventType.UPDATED, key, value, oldValue));
  }

  public void removed(K key, @Nullable V value) {
    happenings.add(new Happening<>(EventType.REMOVED, key, value, value));
  }

  public void expired(K key, @Nullable V value) {
    happenings.add(new Happening<>(EventType.EXPIRED, key, value, value));
  }

  public boolean isEmpty() {
    return happenings.isEmpty();
  }

  Listeners<K, V> listeners() {
    return listeners;
  }

  List<Happening<K, V>> happenings() {
    return happenings;
  }
}
