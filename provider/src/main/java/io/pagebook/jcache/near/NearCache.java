package io.pagebook.jcache.near;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.RecordStore;
import io.pagebook.jcache.codec.RecordCodec;
import io.pagebook.jcache.settings.NearCacheSettings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Values of one cache as objects in the heap of this JVM, for reads that need not ask the book. A
 * value is handed out only if no write to its shard has begun since it was known to be the book's;
 * otherwise the stamp of its record decides. Keeps no object that somebody could change: a key that
 * is not immutable is kept as its bytes, a value that is not immutable is not kept. Thread-safe.
 *
 * <p>The one class that knows Caffeine: where no near-cache is asked for, nothing of it is loaded.
 *
 * @param <V> the type of values
 */
/*
 * Why a value that is handed out is fresh: see docs/concurrency.md. In short, a generation is taken before the slot is looked at, rises
 * before a writer stores the slot, and never comes back.
 */
public final class NearCache<V> {
  private static final Logger LOGGER = System.getLogger("io.pagebook.jcache");

  private final Cache<Object, NearEntry<V>> entries;
  private final RecordStore records;
  private final InstantSource clock;
  private final boolean immutableValues;
  private final LongAdder bookReads = new LongAdder();
  private final AtomicBoolean refusalLogged = new AtomicBoolean();

  /**
   * An empty near-cache.
   *
   * @param records the cache's book
   * @param clock tells when entries expire
   * @throws LinkageError if there is no Caffeine
   */
  public NearCache(NearCacheSettings settings, RecordStore records, InstantSource clock) {
    entries = Caffeine.newBuilder().maximumSize(settings.maxEntries()).build();
    immutableValues = settings.immutableValues();
    this.records = records;
    this.clock = clock;
  }

  /**
   * What is at hand for a key; null says nothing. A key that is not immutable has to be encoded
   * first: see {@link #confirmed}.
   */
  public @Nullable NearEntry<V> get(Object key) {
    return RecordCodec.isImmutable(key) ? entries.getIfPresent(key) : null;
  }

  /**
   * The value of an entry, if the book need not be asked; null says nothing.
   *
   * @throws io.pagebook.book.BookException if the book is closed or somebody damaged it
   */
  public @Nullable V current(NearEntry<V> entry) {
    return isCurrent(entry) && !isExpired(entry) ? entry.value() : null;
  }

  /**
   * The value of a key, if it is at hand and the record that the book has under the buffer's key is
   * still the one that it came from; null says nothing.
   *
   * @param found what {@link #get} returned for the key
   * @param record has the encoded key
   */
  public @Nullable V confirmed(Object key, @Nullable NearEntry<V> found, RecordBuffer record) {
    NearEntry<V> entry = found;
    if (entry == null && !RecordCodec.isImmutable(key)) {
      entry = entries.getIfPresent(KeyBytes.of(record));
    }
    if (entry == null) {
      return null;
    }
    if (!isCurrent(entry)) {
      bookReads.increment();
      if (!records.findWithGeneration(record) || !entry.isOf(record)) {
        return null;
      }
      if (record.expiryMillis() == entry.expiryMillis()) {
        entry.confirm(record);
      } else {
        entry = new NearEntry<>(entry.value(), record);
        entries.put(own(nearKey(key, record)), entry);
      }
    }
    return isExpired(entry) ? null : entry.value();
  }

  /**
   * Reads the record of the buffer's key, so that {@link #keep} can be told of it; false if there
   * is none.
   */
  public boolean read(RecordBuffer record) {
    bookReads.increment();
    return records.getWithGeneration(record);
  }

  /**
   * Keeps what {@link #read} has found.
   *
   * @param value null if there is no record, or one that has expired or is unreadable
   */
  public void keep(Object key, RecordBuffer record, @Nullable V value) {
    Object nearKey = nearKey(key, record);
    if (value != null && mayKeep(value)) {
      entries.put(own(nearKey), new NearEntry<>(value, record));
    } else {
      entries.invalidate(nearKey);
    }
  }

  /** Lets go of everything. */
  public void clear() {
    entries.invalidateAll();
  }

  /** How often a read had to ask the book, for a record or for its stamp. */
  public long bookReads() {
    return bookReads.sum();
  }

  private boolean isCurrent(NearEntry<V> entry) {
    return records.isCurrent(entry.shard(), entry.generation());
  }

  private boolean isExpired(NearEntry<V> entry) {
    long expiry = entry.expiryMillis();
    return expiry != RecordBuffer.NEVER && clock.millis() >= expiry;
  }

  private boolean mayKeep(V value) {
    if (immutableValues || RecordCodec.isImmutable(value)) {
      return true;
    }
    if (refusalLogged.compareAndSet(false, true)) {
      LOGGER.log(
          Level.INFO,
          "near-cache does not keep values of a class that may be mutable: class={0}; "
              + "if nobody changes them, declare immutable values. Logged once",
          value.getClass().getName());
    }
    return false;
  }

  private static Object nearKey(Object key, RecordBuffer record) {
    return RecordCodec.isImmutable(key) ? key : KeyBytes.of(record);
  }

  private static Object own(Object nearKey) {
    return nearKey instanceof KeyBytes bytes ? bytes.copy() : nearKey;
  }
}
