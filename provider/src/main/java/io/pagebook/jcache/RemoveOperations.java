package io.pagebook.jcache;

import io.pagebook.jcache.integration.WriterAdapter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Operations that remove one entry.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class RemoveOperations<K, V> {
  private final CacheCore<K, V> core;

  RemoveOperations(CacheCore<K, V> core) {
    this.core = core;
  }

  boolean remove(K key) {
    core.checkKey(key);
    long start = core.statistics().start();
    try (Mutation<K, V> mutation = Mutation.open(core, key, false)) {
      delete(key);
      return removed(mutation, start);
    }
  }

  boolean remove(K key, V oldValue) {
    core.checkKey(key);
    Objects.requireNonNull(oldValue, "old value must not be null");
    long start = core.statistics().start();
    try (Mutation<K, V> mutation = Mutation.open(core, key, true)) {
      V present = mutation.oldValue();
      if (present == null) {
        core.statistics().miss(start);
        return false;
      }
      boolean match = Objects.deepEquals(present, oldValue);
      if (match) {
        delete(key);
        removed(mutation, start);
      } else {
        mutation.access();
      }
      core.statistics().hit(start);
      return match;
    }
  }

  @Nullable V getAndRemove(K key) {
    core.checkKey(key);
    long start = core.statistics().start();
    try (Mutation<K, V> mutation = Mutation.open(core, key, true)) {
      V old = mutation.oldValue();
      delete(key);
      boolean removed = removed(mutation, start);
      if (old == null || !removed) {
        core.statistics().miss(start);
        return null;
      }
      core.statistics().hit(start);
      return old;
    }
  }

  /** Removes from the cache alone what the writer, if there is one, has deleted. */
  boolean apply(K key, long start) {
    try (Mutation<K, V> mutation = Mutation.open(core, key, false)) {
      return removed(mutation, start);
    }
  }

  private boolean removed(Mutation<K, V> mutation, long start) {
    boolean removed = mutation.remove();
    if (removed) {
      core.statistics().removal(start);
    }
    return removed;
  }

  private void delete(K key) {
    WriterAdapter<K, V> writer = core.writer();
    if (writer != null) {
      writer.delete(key);
    }
  }
}
