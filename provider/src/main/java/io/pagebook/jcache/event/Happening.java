package io.pagebook.jcache.event;

import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an entry. Key and values belong to nobody else, or are immutable.
 *
 * @param value the new value; of an entry that is gone, the last one
 * @param oldValue the value before; null if there was none, or nobody asked
 * @param <K> the type of keys
 * @param <V> the type of values
 */
record Happening<K, V>(EventType type, K key, @Nullable V value, @Nullable V oldValue) {}
