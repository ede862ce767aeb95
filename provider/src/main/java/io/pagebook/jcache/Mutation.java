package io.pagebook.jcache;

import io.pagebook.book.BookException;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.RecordStore;
import io.pagebook.jcache.codec.RecordCodec;
import io.pagebook.jcache.event.Deliveries;
import io.pagebook.jcache.event.EventBatch;
import io.pagebook.jcache.event.Listeners;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * One change of one key: holds the key's stripe, which all processes share, from its creation to
 * {@link #close()}, and delivers what listeners are to hear after the stripe is released. An
 * expired record is taken out of the book as soon as it is met, so that to all that follows it is
 * absent. For one thread.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class Mutation<K, V> implements AutoCloseable {
  private final CacheCore<K, V> core;
  private final K key;
  private final Frames frames;
  private final Frame frame;
  private final RecordStore.KeyLock stripe;
  private final Listeners<K, V> listeners;
  private final long now;

  private boolean live;
  private boolean valueRead;
  private boolean handedOut;

  /** Others may be able to read what is there: it goes as a readable one would, but in silence. */
  private boolean unreadable;

  private long expiryMillis;
  private @Nullable V oldValue;
  private @Nullable EventBatch<K, V> events;

  private Mutation(CacheCore<K, V> core, K key, Frames frames, Frame frame) {
    this.core = core;
    this.key = key;
    this.frames = frames;
    this.frame = frame;
    listeners = core.events().listeners();
    stripe = core.records().lock(frame.record);
    Deliveries.stripeTaken();
    now = core.now();
  }

  /** Locks a key and looks at its record, with the value if that is known to be needed. */
  static <K, V> Mutation<K, V> open(CacheCore<K, V> core, K key, boolean withValue) {
    return open(core, key, null, withValue);
  }

  /** As above, for a value that is to be written: it is encoded before the key is locked. */
  static <K, V> Mutation<K, V> open(
      CacheCore<K, V> core, K key, @Nullable V newValue, boolean withValue) {
    Frames frames = core.frames();
    Frame frame = frames.push();
    Mutation<K, V> mutation = null;
    boolean opened = false;
    try {
      core.codec().encodeKey(key, frame.record);
      if (newValue != null) {
        core.codec().encodeValue(newValue, frame.fresh);
      }
      mutation = new Mutation<>(core, key, frames, frame);
      mutation.look(withValue);
      opened = true;
      return mutation;
    } finally {
      if (!opened) {
        if (mutation == null) {
          frames.pop();
        } else {
          mutation.release(null);
        }
      }
    }
  }

  /** Whether there is an entry; for those to whom one that cannot be read is as good. */
  boolean live() {
    return live;
  }

  /** Whether there is an entry that can be read. */
  boolean present() {
    return live && (!RecordCodec.mayRefuse(frame.record.type()) || readOldValue() != null);
  }

  /**
   * The value of the entry, for user code, which may change the object; null if there is none, also
   * because it turns out to be unreadable.
   */
  @Nullable V oldValue() {
    handedOut = true;
    return readOldValue();
  }

  private @Nullable V readOldValue() {
    if (live && oldValue == null) {
      if (!valueRead) {
        live = core.records().get(frame.record);
        valueRead = true;
      }
      oldValue = live ? core.decodeValue(frame.record) : null;
      unreadable = live && oldValue == null;
      live = oldValue != null;
    }
    return oldValue;
  }

  /** Asks the policy for the expiry after an access, and applies it. */
  void access() {
    if (live) {
      expiryMillis = core.accessLocked(frame.record, now);
    }
  }

  /** Encodes a value that {@link #open} was not given. */
  void encode(V value) {
    core.codec().encodeValue(value, frame.fresh);
  }

  /**
   * Writes the value that was encoded last.
   *
   * @return whether the cache has it: not if the policy lets a new entry expire at once
   */
  boolean set(V value) {
    RecordBuffer fresh = frame.fresh;
    Frame.copyKey(frame.record, fresh);
    V old = live ? announcedOldValue(EventType.UPDATED) : null;
    boolean update = live; // no more if the old value was wanted and cannot be read
    long expiry =
        update ? core.expiry().afterUpdate(expiryMillis, now) : core.expiry().afterCreation(now);
    if (!update && expiry <= now) {
      removeUnreadable();
      if (listeners.hear(EventType.EXPIRED)) {
        batch().expired(ownKey(), ownValue(value));
      }
      return false;
    }
    fresh.setExpiryMillis(expiry);
    put(fresh);
    if (update && listeners.hear(EventType.UPDATED)) {
      batch().updated(ownKey(), ownValue(value), old);
    } else if (!update && listeners.hear(EventType.CREATED)) {
      batch().created(ownKey(), ownValue(value));
    }
    return true;
  }

  /** Removes the entry; false if there was none. */
  boolean remove() {
    if (!live) {
      removeUnreadable();
      return false;
    }
    V old = announcedOldValue(EventType.REMOVED);
    core.records().remove(frame.record);
    if (live && listeners.hear(EventType.REMOVED)) {
      batch().removed(ownKey(), old);
    }
    live = false;
    unreadable = false;
    return true;
  }

  private void removeUnreadable() {
    if (unreadable) {
      core.records().remove(frame.record);
      unreadable = false;
    }
  }

  /**
   * Releases the key, then tells the listeners, unless this thread holds another one; throws what a
   * synchronous one throws.
   */
  @Override
  public void close() {
    Runnable delivery = null;
    try {
      if (events != null) {
        delivery = core.events().prepare(keyBytes(), events);
      }
    } finally {
      release(delivery);
    }
  }

  private void release(@Nullable Runnable delivery) {
    try {
      stripe.close();
    } finally {
      frames.pop();
      Deliveries.stripeReleased(delivery); // in any case: others wait for their turn behind it
    }
  }

  private void look(boolean withValue) {
    RecordBuffer record = frame.record;
    valueRead = withValue || listeners.wantOldValues();
    boolean found = valueRead ? core.records().get(record) : core.records().find(record);
    live = found && !record.isExpired(now);
    expiryMillis = record.expiryMillis();
    if (found && !live && core.records().remove(record) && listeners.hear(EventType.EXPIRED)) {
      V old = valueRead ? core.decodeValue(record) : null;
      if (old != null || !listeners.wantOldValue(EventType.EXPIRED)) {
        batch().expired(ownKey(), old);
      }
    }
  }

  private void put(RecordBuffer fresh) {
    try {
      core.records().put(fresh);
    } catch (BookException.Full | BookException.TooLarge e) {
      if (core.writer() != null) {
        core.records()
            .remove(frame.record); // the writer has a newer value: rather none than the old one
      }
      throw e;
    }
  }

  private EventBatch<K, V> batch() {
    if (events == null) {
      events = core.events().batch(listeners);
    }
    return events;
  }

  /** The key for an event: the caller may change its own, an event may come later. */
  private K ownKey() {
    K copy = RecordCodec.isImmutable(key) ? key : core.decodeKey(frame.record);
    return copy == null ? key : copy;
  }

  /** The new value for an event: the caller may change its own, an event may come later. */
  private V ownValue(V value) {
    V copy = RecordCodec.isImmutable(value) ? value : core.decodeValue(frame.fresh);
    return copy == null ? value : copy;
  }

  /**
   * The old value for an event, while it is still in the book: no object that others may change.
   */
  private @Nullable V announcedOldValue(EventType type) {
    if (!listeners.wantOldValue(type)) {
      return null;
    }
    V old = readOldValue();
    if (old == null || !handedOut || RecordCodec.isImmutable(old)) {
      return old;
    }
    return core.records().get(frame.record) ? core.decodeValue(frame.record) : null;
  }

  private ByteBuffer keyBytes() {
    return ByteBuffer.wrap(Arrays.copyOf(frame.record.key(), frame.record.keyLength()));
  }
}
