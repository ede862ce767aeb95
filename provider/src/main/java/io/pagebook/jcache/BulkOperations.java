package io.pagebook.jcache;

import io.pagebook.book.RecordBuffer;
import io.pagebook.book.RecordCursor;
import io.pagebook.book.RecordStore;
import io.pagebook.jcache.home.CacheHeader;
import io.pagebook.jcache.integration.WriterAdapter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.cache.Cache;

/**
 * Operations on many entries. Each entry is changed under its own lock, one after the other; the
 * writer is called once for all of them before, under none.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class BulkOperations<K, V> {
  private final CacheCore<K, V> core;
  private final WriteOperations<K, V> writes;
  private final RemoveOperations<K, V> removes;

  BulkOperations(
      CacheCore<K, V> core, WriteOperations<K, V> writes, RemoveOperations<K, V> removes) {
    this.core = core;
    this.writes = writes;
    this.removes = removes;
  }

  void putAll(Map<? extends K, ? extends V> map) {
    List<Cache.Entry<K, V>> entries = new ArrayList<>(map.size());
    for (Map.Entry<? extends K, ? extends V> entry : map.entrySet()) {
      core.checkKey(entry.getKey());
      core.checkValue(entry.getValue());
      entries.add(new PageBookEntry<>(entry.getKey(), entry.getValue()));
    }
    WriterAdapter<K, V> writer = core.writer();
    WriterAdapter.Outcome outcome = WriterAdapter.Outcome.NONE_FAILED;
    if (writer != null && !entries.isEmpty()) {
      for (Cache.Entry<K, V> entry : entries) {
        core.checkEncoding(entry.getKey(), entry.getValue());
      }
      outcome = writer.writeAll(entries);
    }
    Set<Object> failed = keysOf(outcome.failed());
    Failures failures = new Failures(writer != null, outcome.exception());
    for (Cache.Entry<K, V> entry : entries) {
      if (!failed.contains(entry.getKey())) {
        long start = core.statistics().start();
        failures.collect(() -> writes.apply(entry.getKey(), entry.getValue(), start));
      }
    }
    failures.throwFirst();
  }

  void removeAll(Set<? extends K> keys) {
    List<K> checked = new ArrayList<>(keys.size());
    for (K key : keys) {
      core.checkKey(key);
      checked.add(key);
    }
    if (core.writer() != null) {
      checked.forEach(core::checkEncoding);
    }
    removeAll(checked, List.of());
  }

  void removeAll() {
    List<K> live = new ArrayList<>();
    List<K> expired = new ArrayList<>();
    collectKeys(live, expired);
    removeAll(live, expired);
  }

  /** Removes every entry, and tells nobody. */
  void clear() {
    RecordStore records = core.records();
    RecordCursor cursor = records.cursor();
    RecordBuffer record = new RecordBuffer();
    while (cursor.next(record)) {
      if (!CacheHeader.is(record)) {
        try (RecordStore.KeyLock stripe = records.lock(record)) {
          Objects.requireNonNull(stripe);
          records.remove(record);
        }
      }
    }
  }

  /** Removes keys, those that have expired without the writer. */
  private void removeAll(List<K> keys, List<K> expired) {
    WriterAdapter<K, V> writer = core.writer();
    WriterAdapter.Outcome outcome =
        writer == null || keys.isEmpty()
            ? WriterAdapter.Outcome.NONE_FAILED
            : writer.deleteAll(keys);
    Set<Object> failed = new HashSet<>(outcome.failed());
    Failures failures = new Failures(writer != null, outcome.exception());
    for (K key : expired) {
      failures.collect(() -> removes.apply(key, core.statistics().start()));
    }
    for (K key : keys) {
      if (!failed.contains(key)) {
        long start = core.statistics().start();
        failures.collect(() -> removes.apply(key, start));
      }
    }
    failures.throwFirst();
  }

  private void collectKeys(List<K> live, List<K> expired) {
    RecordCursor cursor = core.records().cursor();
    RecordBuffer record = new RecordBuffer();
    while (cursor.next(record)) {
      K key = CacheHeader.is(record) ? null : core.decodeKey(record);
      if (key != null) {
        (record.isExpired(core.now()) ? expired : live).add(key);
      }
    }
  }

  private static Set<Object> keysOf(Collection<?> entries) {
    Set<Object> keys = new HashSet<>();
    for (Object entry : entries) {
      if (entry instanceof Cache.Entry<?, ?> failed) {
        keys.add(failed.getKey());
      }
    }
    return keys;
  }
}
