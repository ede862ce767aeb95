package io.pagebook.jcache.event;

import java.io.Serial;
import javax.cache.Cache;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an entry, as one listener is told of it. Immutable, but for what its key and
 * values allow.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class EntryEvent<K, V> extends CacheEntryEvent<K, V> {
  @Serial private static final long serialVersionUID = 1L;

  // an event is serialisable only because java.util.EventObject says so of all events
  private final transient K key;
  private final transient @Nullable V value;
  private final transient @Nullable V oldValue;

  private EntryEvent(
      Cache<K, V> source, EventType type, K key, @Nullable V value, @Nullable V oldValue) {
    super(source, type);
    this.key = key;
    this.value = value;
    this.oldValue = oldValue;
  }

  /** As a listener hears of it that asked for old values. */
  static <K, V> EntryEvent<K, V> withOldValue(Cache<K, V> source, Happening<K, V> happening) {
    return new EntryEvent<>(
        source, happening.type(), happening.key(), happening.value(), happening.oldValue());
  }

  /**
   * As a listener hears of it that did not ask for old values: what is gone has no value at all.
   */
  static <K, V> EntryEvent<K, V> withoutOldValue(Cache<K, V> source, Happening<K, V> happening) {
    boolean gone = happening.type() == EventType.REMOVED || happening.type() == EventType.EXPIRED;
    return new EntryEvent<>(
        source, happening.type(), happening.key(), gone ? null : happening.value(), null);
  }

  @Override
  public K getKey() {
    return key;
  }

  @Override
  public @Nullable V getValue() {
    return value;
  }

  @Override
  public @Nullable V getOldValue() {
    return oldValue;
  }

  @Override
  public boolean isOldValueAvailable() {
    return oldValue != null;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new IllegalArgumentException("event is no such class: class=" + type.getName());
  }

  @Override
  public String toString() {
    return "CacheEntryEvent[type="
        + getEventType()
        + ", cache="
        + ((Cache<?, ?>) getSource()).getName()
        + ", key="
        + key
        + "]";
  }
}
