package io.pagebook.jcache;

import javax.cache.Cache;

/**
 * A key and the value that the cache had for it when this entry was made: what iterators return and
 * writers are given. Later changes of the cache do not show. Immutable, but for what key and value
 * allow.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class PageBookEntry<K, V> implements Cache.Entry<K, V> {
  private final K key;
  private final V value;

  PageBookEntry(K key, V value) {
    this.key = key;
    this.value = value;
  }

  @Override
  public K getKey() {
    return key;
  }

  @Override
  public V getValue() {
    return value;
  }

  /**
   * This entry as a class of this provider.
   *
   * @throws IllegalArgumentException if the entry is no such class
   */
  @Override
  public <T> T unwrap(Class<T> type) {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new IllegalArgumentException("entry is no such class: class=" + type.getName());
  }

  @Override
  public String toString() {
    return key + "=" + value;
  }
}
