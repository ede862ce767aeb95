package io.pagebook.jcache;

import io.pagebook.book.RecordBuffer;
import io.pagebook.jcache.codec.RecordCodec;
import io.pagebook.jcache.integration.LoaderAdapter;
import io.pagebook.jcache.near.NearCache;
import io.pagebook.jcache.near.NearEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Operations that read. They take no lock, unless an entry is to be loaded, or has expired and
 * somebody wants to hear of it.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class ReadOperations<K, V> {
  private final CacheCore<K, V> core;
  private final @Nullable NearCache<V> near;

  ReadOperations(CacheCore<K, V> core) {
    this.core = core;
    near = core.near();
  }

  @Nullable V get(K key) {
    Objects.requireNonNull(key, "key must not be null");
    long start = core.statistics().start();
    NearEntry<V> atHand = near == null ? null : near.get(key);
    V value = near == null || atHand == null ? null : near.current(atHand);
    if (value != null) {
      core.statistics().hit(start);
      return value;
    }
    Frames frames = core.frames();
    Frame frame = frames.push();
    boolean expired = false;
    try {
      RecordBuffer record = frame.record;
      core.codec().encodeKey(key, record);
      value = near == null ? null : near.confirmed(key, atHand, record);
      if (value == null) {
        boolean found = near == null ? core.records().get(record) : near.read(record);
        expired =
            found && record.expiryMillis() != RecordBuffer.NEVER && record.isExpired(core.now());
        value = found && !expired ? core.decodeValue(record) : null;
        if (near != null) {
          near.keep(key, record, value);
        }
      }
      if (value != null) {
        value = core.access(record, value);
        core.statistics().hit(start);
        return value;
      }
    } finally {
      frames.pop();
    }
    core.statistics().miss(start);
    return absent(key, expired);
  }

  Map<K, V> getAll(Set<? extends K> keys) {
    checkKeys(keys);
    Map<K, V> result = new HashMap<>();
    for (K key : keys) {
      V value = get(key);
      if (value != null) {
        result.put(key, value);
      }
    }
    return result;
  }

  boolean containsKey(K key) {
    Objects.requireNonNull(key, "key must not be null");
    Frames frames = core.frames();
    Frame frame = frames.push();
    try {
      core.codec().encodeKey(key, frame.record);
      if (!core.records().find(frame.record)) {
        return false;
      }
      if (!frame.record.isExpired(core.now())) {
        return !RecordCodec.mayRefuse(frame.record.type())
            || (core.records().get(frame.record)
                && !frame.record.isExpired(core.now())
                && core.decodeValue(frame.record) != null);
      }
    } finally {
      frames.pop();
    }
    expire(key);
    return false;
  }

  /** Tells those who want to hear of it that an entry has expired, if that is still so. */
  void expire(K key) {
    if (core.events().listeners().hear(EventType.EXPIRED)) {
      core.enter();
      try (Mutation<K, V> mutation = Mutation.open(core, key, false)) {
        Objects.requireNonNull(mutation); // that it was opened has done it
      } finally {
        core.leave();
      }
    }
  }

  static <K> void checkKeys(Set<? extends K> keys) {
    for (K key : keys) {
      Objects.requireNonNull(key, "keys must not contain null");
    }
  }

  private @Nullable V absent(K key, boolean expired) {
    LoaderAdapter<K, V> loader = core.readThrough();
    if (loader != null && core.isKey(key)) {
      return load(key, loader);
    }
    if (expired) {
      expire(key);
    }
    return null;
  }

  /**
   * Loads one entry while its key is locked: no two load it, and no older value than one just put
   * gets in.
   */
  private @Nullable V load(K key, LoaderAdapter<K, V> loader) {
    core.enter();
    try (Mutation<K, V> mutation = Mutation.open(core, key, true)) {
      V present = mutation.oldValue();
      if (present != null) {
        mutation.access();
        return present; // somebody was faster
      }
      V loaded = loader.load(key);
      if (loaded == null) {
        return null;
      }
      core.checkValue(loaded);
      mutation.encode(loaded);
      return mutation.set(loaded) ? loaded : null;
    } finally {
      core.leave();
    }
  }
}
