package io.pagebook.jcache;

import io.pagebook.book.RecordBuffer;
import io.pagebook.jcache.integration.WriterAdapter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Operations that write one entry, whatever it was before or on a condition.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class WriteOperations<K, V> {
  private final CacheCore<K, V> core;

  WriteOperations(CacheCore<K, V> core) {
    this.core = core;
  }

  void put(K key, V value) {
    check(key, value);
    long start = core.statistics().start();
    if (core.writer() == null) {
      apply(key, value, start);
      return;
    }
    try (Mutation<K, V> mutation = Mutation.open(core, key, value, false)) {
      write(key, value);
      if (mutation.set(value)) {
        core.statistics().put(start);
      }
    }
  }

  /** Puts into the cache alone what the writer, if there is one, has written. */
  void apply(K key, V value, long start) {
    if (core.expiry().isEternal() && core.events().listeners().isEmpty() && core.writer() == null) {
      putPlainly(key, value);
      core.statistics().put(start);
      return;
    }
    try (Mutation<K, V> mutation = Mutation.open(core, key, value, false)) {
      if (mutation.set(value)) {
        core.statistics().put(start);
      }
    }
  }

  @Nullable V getAndPut(K key, V value) {
    check(key, value);
    long start = core.statistics().start();
    try (Mutation<K, V> mutation = Mutation.open(core, key, value, true)) {
      V old = mutation.oldValue();
      write(key, value);
      boolean put = mutation.set(value);
      countLookup(old != null, start);
      if (put) {
        core.statistics().put(start);
      }
      return old;
    }
  }

  boolean putIfAbsent(K key, V value) {
    check(key, value);
    long start = core.statistics().start();
    try (Mutation<K, V> mutation = Mutation.open(core, key, value, false)) {
      if (mutation.present()) {
        core.statistics().hit(start);
        return false;
      }
      write(key, value);
      boolean put = mutation.set(value);
      core.statistics().miss(start);
      if (put) {
        core.statistics().put(start);
      }
      return true;
    }
  }

  boolean replace(K key, V value) {
    check(key, value);
    long start = core.statistics().start();
    try (Mutation<K, V> mutation = Mutation.open(core, key, value, false)) {
      if (!mutation.present()) {
        core.statistics().miss(start);
        return false;
      }
      replaceLive(mutation, key, value, start);
      return true;
    }
  }

  boolean replace(K key, V oldValue, V newValue) {
    check(key, newValue);
    Objects.requireNonNull(oldValue, "old value must not be null");
    long start = core.statistics().start();
    try (Mutation<K, V> mutation = Mutation.open(core, key, newValue, true)) {
      V present = mutation.oldValue();
      if (present == null) {
        core.statistics().miss(start);
        return false;
      }
      if (!Objects.deepEquals(present, oldValue)) {
        mutation.access();
        core.statistics().hit(start);
        return false;
      }
      replaceLive(mutation, key, newValue, start);
      return true;
    }
  }

  @Nullable V getAndReplace(K key, V value) {
    check(key, value);
    long start = core.statistics().start();
    try (Mutation<K, V> mutation = Mutation.open(core, key, value, true)) {
      V old = mutation.oldValue();
      if (old == null) {
        core.statistics().miss(start);
        return null;
      }
      replaceLive(mutation, key, value, start);
      return old;
    }
  }

  private void replaceLive(Mutation<K, V> mutation, K key, V value, long start) {
    write(key, value);
    mutation.set(value);
    core.statistics().hit(start);
    core.statistics().put(start);
  }

  /** What a put comes down to when nobody asks what was there before. */
  private void putPlainly(K key, V value) {
    Frames frames = core.frames();
    RecordBuffer fresh = frames.push().fresh;
    try {
      core.codec().encodeKey(key, fresh);
      core.codec().encodeValue(value, fresh);
      fresh.setExpiryMillis(RecordBuffer.NEVER);
      core.records().lockAndPut(fresh);
    } finally {
      frames.pop();
    }
  }

  private void write(K key, V value) {
    WriterAdapter<K, V> writer = core.writer();
    if (writer != null) {
      writer.write(new PageBookEntry<>(key, value));
    }
  }

  private void countLookup(boolean hit, long start) {
    if (hit) {
      core.statistics().hit(start);
    } else {
      core.statistics().miss(start);
    }
  }

  private void check(K key, V value) {
    core.checkKey(key);
    core.checkValue(value);
  }
}
