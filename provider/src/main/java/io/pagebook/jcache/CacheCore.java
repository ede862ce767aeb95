package io.pagebook.jcache;

import io.pagebook.book.BookException;
import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.RecordStore;
import io.pagebook.jcache.codec.RecordCodec;
import io.pagebook.jcache.codec.UnreadableRecordException;
import io.pagebook.jcache.concurrent.OperationGate;
import io.pagebook.jcache.event.EventDispatcher;
import io.pagebook.jcache.expiry.ExpiryRules;
import io.pagebook.jcache.integration.LoaderAdapter;
import io.pagebook.jcache.integration.WriterAdapter;
import io.pagebook.jcache.management.CacheStatistics;
import io.pagebook.jcache.near.NearCache;
import io.pagebook.jcache.settings.CacheSettings;
import java.lang.ref.WeakReference;
import java.util.Objects;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * What the operations of one cache share. Thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class CacheCore<K, V> {
  private static final int TOUCH_ATTEMPTS = 3;

  /** How the book's messages name its bound on records. */
  private static final String BOUND = "maximumEntries=";

  private final CacheParts<K, V> parts;
  private final RecordStore records;
  private final Class<K> keyType;
  private final Class<V> valueType;
  private final CacheStatistics statistics;
  private final OperationGate gate = new OperationGate();
  private final UnreadableRecords unreadable;

  /** Weakly, so that the threads of a server do not keep an unloaded application's classes. */
  @SuppressWarnings("ThreadLocalUsage") // of the instance, so that it goes with it
  private final ThreadLocal<WeakReference<Frames>> frames = new ThreadLocal<>();

  /** How many operations of the thread are inside the gate; outlives the frames. */
  @SuppressWarnings("ThreadLocalUsage") // of the instance, so that it goes with it
  private final ThreadLocal<int[]> entered = ThreadLocal.withInitial(() -> new int[1]);

  CacheCore(CacheParts<K, V> parts) {
    this.parts = parts;
    records = parts.book().records();
    keyType = parts.configuration().getKeyType();
    valueType = parts.configuration().getValueType();
    unreadable = new UnreadableRecords(parts.name());
    statistics = new CacheStatistics(records.evictionCounter());
    records.countWith(statistics::total);
  }

  String name() {
    return parts.name();
  }

  PageBook book() {
    return parts.book();
  }

  RecordStore records() {
    return records;
  }

  /** Where reads look first, if the cache has a near-cache. */
  @Nullable NearCache<V> near() {
    return parts.near();
  }

  RecordCodec codec() {
    return parts.codec();
  }

  Class<V> valueType() {
    return valueType;
  }

  ExpiryRules expiry() {
    return parts.customizations().expiry();
  }

  EventDispatcher<K, V> events() {
    return parts.events();
  }

  CacheStatistics statistics() {
    return statistics;
  }

  /** The loader, whether the cache reads through or not. */
  @Nullable LoaderAdapter<K, V> loader() {
    return parts.customizations().loader();
  }

  /** The loader if the cache reads through. */
  @Nullable LoaderAdapter<K, V> readThrough() {
    return parts.configuration().isReadThrough() ? loader() : null;
  }

  /** The writer if the cache writes through. */
  @Nullable WriterAdapter<K, V> writer() {
    return parts.configuration().isWriteThrough() ? parts.customizations().writer() : null;
  }

  long now() {
    return parts.clock().millis();
  }

  /** The thread's frames, which an operation keeps in a variable until it has popped its own. */
  Frames frames() {
    WeakReference<Frames> reference = frames.get();
    Frames own = reference == null ? null : reference.get();
    if (own == null) {
      own = new Frames();
      frames.set(new WeakReference<>(own));
    }
    return own;
  }

  long unreadableCount() {
    return unreadable.count();
  }

  /**
   * Lets an operation in that may run user code; {@link #leave()} ends it.
   *
   * @throws IllegalStateException if the cache is closed
   */
  void enter() {
    if (!gate.enter()) {
      throw closed(null);
    }
    entered.get()[0]++;
  }

  void leave() {
    entered.get()[0]--;
    gate.leave();
  }

  /** Lets no operation in any more and waits for those that are inside. */
  void shut() {
    gate.shut(entered.get()[0], parts.lockTimeoutNanos());
  }

  /** Whether a key is of the declared type, which a caller without types may get wrong. */
  boolean isKey(K key) {
    return keyType.isInstance(key);
  }

  /** A key for a write: not null and of the declared type. */
  void checkKey(K key) {
    Objects.requireNonNull(key, "key must not be null");
    if (!keyType.isInstance(key)) {
      throw wrongType("key", keyType, key);
    }
  }

  /** A value for a write: not null and of the declared type. */
  void checkValue(V value) {
    Objects.requireNonNull(value, "value must not be null");
    if (!valueType.isInstance(value)) {
      throw wrongType("value", valueType, value);
    }
  }

  /** Fails now if the key cannot be encoded; for those who encode it when it is too late. */
  void checkEncoding(K key) {
    Frames own = frames();
    RecordBuffer record = own.push().record;
    try {
      codec().encodeKey(key, record);
    } finally {
      own.pop();
    }
  }

  /** As {@link #checkEncoding(Object)}, for an entry. */
  void checkEncoding(K key, V value) {
    Frames own = frames();
    RecordBuffer fresh = own.push().fresh;
    try {
      codec().encodeKey(key, fresh);
      codec().encodeValue(value, fresh);
    } finally {
      own.pop();
    }
  }

  /** The key of a buffer; null, and counted, if it cannot be read. */
  @Nullable K decodeKey(RecordBuffer buffer) {
    try {
      return instance(keyType, codec().decodeKey(buffer), "key");
    } catch (UnreadableRecordException e) {
      unreadable.report(String.valueOf(e.getMessage()), e);
      return null;
    }
  }

  /** The value of a buffer; null, and counted, if it cannot be read. */
  @Nullable V decodeValue(RecordBuffer buffer) {
    try {
      return instance(valueType, codec().decodeValue(buffer), "value");
    } catch (UnreadableRecordException e) {
      unreadable.report(String.valueOf(e.getMessage()), e);
      return null;
    }
  }

  /**
   * Applies the policy for an access to the record in the buffer, if it is asked about accesses: an
   * operation, so that the cache is not closed under the policy.
   *
   * @param value what the record was decoded to
   * @return that, or the value that has replaced it meanwhile: the access was one to this then
   */
  V access(RecordBuffer record, V value) {
    if (!expiry().listensToAccess()) {
      return value;
    }
    enter();
    try {
      return accessed(record, value, now());
    } finally {
      leave();
    }
  }

  private V accessed(RecordBuffer record, V value, long now) {
    V current = value;
    if (record.isExpired(now)) { // unless another access has kept it alive since it was read
      V again = readAgain(record, now);
      if (again == null) {
        return value;
      }
      current = again;
    }
    long before = record.expiryMillis();
    long after = expiry().afterAccess(before, now);
    // another stamp may be another value, to which no access may be applied that has not read it
    for (int i = 0; i < TOUCH_ATTEMPTS && after != before && !touch(record, after); i++) {
      V again = readAgain(record, now);
      if (again == null) {
        return current; // it went after it was read
      }
      current = again;
    }
    return current;
  }

  private @Nullable V readAgain(RecordBuffer record, long now) {
    return records.get(record) && !record.isExpired(now) ? decodeValue(record) : null;
  }

  /**
   * Applies the policy for an access to a live record, which stands in the buffer with its stamp,
   * and whose key the caller has locked. The buffer's value may be gone afterwards.
   *
   * @return when the record is to expire now
   */
  long accessLocked(RecordBuffer record, long now) {
    long before = record.expiryMillis();
    long after = expiry().afterAccess(before, now);
    if (after != before) {
      boolean moved = true; // a record that the book moves meanwhile gets a new stamp
      for (int i = 0; i < TOUCH_ATTEMPTS && moved; i++) {
        moved = !touch(record, after) && records.find(record) && !record.isExpired(now);
      }
    }
    return after;
  }

  /** Gives a record another expiry; false if it has another stamp by now. */
  private boolean touch(RecordBuffer record, long expiryMillis) {
    try {
      return records.touch(record, record.stamp(), expiryMillis);
    } catch (BookException.Full e) {
      return true; // an eternal record grows by its end: without room for that it stays as it is
    }
  }

  /** What the caller of a cache is to see of a book's exception. */
  RuntimeException translate(BookException e) {
    if (e instanceof BookException.Closed) {
      return closed(e);
    }
    return new CacheException(message(e) + " (cache=" + name() + ")", e);
  }

  /** Its message, with the bound as the user has set it, without the cache's own record. */
  private String message(BookException e) {
    String message = String.valueOf(e.getMessage());
    if (!(e instanceof BookException.Full)) {
      return message;
    }
    long records = book().maximumEntries();
    return message.replace(BOUND + records + ",", BOUND + CacheSettings.entriesOf(records) + ",");
  }

  IllegalStateException closed(@Nullable BookException cause) {
    return new IllegalStateException(
        cause == null ? "cache is closed: cache=" + name() : cause.getMessage(), cause);
  }

  private <T> @Nullable T instance(Class<T> type, Object object, String what) {
    if (type.isInstance(object)) {
      return type.cast(object);
    }
    unreadable.report(
        what + " is not of the declared type: " + what + "Type=" + object.getClass().getName(),
        null);
    return null;
  }

  private ClassCastException wrongType(String what, Class<?> type, Object object) {
    return new ClassCastException(
        what
            + " is not of the declared type: cache="
            + name()
            + ", declared="
            + type.getName()
            + ", "
            + what
            + "Type="
            + object.getClass().getName());
  }
}
