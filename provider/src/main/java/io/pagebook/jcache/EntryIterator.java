package io.pagebook.jcache;

import io.pagebook.book.BookException;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.RecordCursor;
import io.pagebook.jcache.home.CacheHeader;
import java.util.Iterator;
import java.util.NoSuchElementException;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;

/**
 * A pass over the live entries of a cache. Each one that is there throughout is returned once.
 * Holds no lock between calls. For one thread.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class EntryIterator<K, V> implements Iterator<Cache.Entry<K, V>> {
  private final CacheCore<K, V> core;
  private final PageBookCache<K, V> cache;
  private final RecordCursor cursor;

  /** The record of {@link #next}, so that its expiry can be changed when it is returned. */
  private final RecordBuffer record = new RecordBuffer();

  private @Nullable PageBookEntry<K, V> next;
  private @Nullable PageBookEntry<K, V> last;

  EntryIterator(CacheCore<K, V> core, PageBookCache<K, V> cache) {
    this.core = core;
    this.cache = cache;
    cursor = core.records().cursor();
  }

  @Override
  public boolean hasNext() {
    cache.ensureOpen();
    return fetch() != null;
  }

  @Override
  public Cache.Entry<K, V> next() {
    cache.ensureOpen();
    long start = core.statistics().start();
    PageBookEntry<K, V> entry = fetch();
    if (entry == null) {
      throw new NoSuchElementException();
    }
    V value;
    try {
      value = core.access(record, entry.getValue());
    } catch (BookException e) {
      throw core.translate(e);
    }
    core.statistics().hit(start);
    last = new PageBookEntry<>(entry.getKey(), value);
    next = null;
    return last;
  }

  @Override
  public void remove() {
    cache.ensureOpen();
    PageBookEntry<K, V> entry = last;
    if (entry == null) {
      throw new IllegalStateException("no entry to remove; call next() first");
    }
    last = null;
    cache.remove(entry.getKey());
  }

  private @Nullable PageBookEntry<K, V> fetch() {
    if (next == null) {
      try {
        next = findNext();
      } catch (BookException e) {
        throw core.translate(e);
      }
    }
    return next;
  }

  private @Nullable PageBookEntry<K, V> findNext() {
    while (cursor.next(record)) {
      if (!CacheHeader.is(record)) {
        PageBookEntry<K, V> entry = readable();
        if (entry != null) {
          return entry;
        }
      }
    }
    return null;
  }

  private @Nullable PageBookEntry<K, V> readable() {
    K key = core.decodeKey(record);
    if (key == null) {
      return null;
    }
    if (record.isExpired(core.now())) {
      cache.expire(key);
      return null;
    }
    V value = core.decodeValue(record);
    return value == null ? null : new PageBookEntry<>(key, value);
  }
}
