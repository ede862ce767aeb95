package io.pagebook.jcache.event;

import io.pagebook.jcache.concurrent.Worker;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of one cache. Synchronous ones run on the thread that made the change, after the
 * key is unlocked and before the operation returns; the others on a thread of their own. Each hears
 * of one key's events in the order in which they happened. Thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class EventDispatcher<K, V> {
  private static final Logger LOGGER = System.getLogger("io.pagebook.jcache");

  private final Cache<K, V> source;
  private final String name;
  private final Worker worker;
  private final EventOrder order = new EventOrder();
  private volatile Listeners<K, V> listeners = new Listeners<>(List.of());
  private volatile boolean closed;

  /** No longer waiting for the asynchronous listeners, which are to be closed. */
  private volatile boolean ended;

  /**
   * A dispatcher without listeners.
   *
   * @param source what events say they come from; may still be being made
   * @param name its name
   * @param worker runs the asynchronous listeners, and nothing else
   */
  public EventDispatcher(Cache<K, V> source, String name, Worker worker) {
    this.source = source;
    this.name = name;
    this.worker = worker;
  }

  /** The listeners of this moment. */
  public Listeners<K, V> listeners() {
    return listeners;
  }

  /**
   * Makes a listener and adds it.
   *
   * @throws IllegalArgumentException if an equal configuration is registered, or this one has no
   *     factory of a listener
   * @throws IllegalStateException if the dispatcher is closed
   * @throws javax.cache.CacheException if a factory fails, or makes nothing
   */
  public synchronized void register(CacheEntryListenerConfiguration<K, V> configuration) {
    if (closed) {
      throw new IllegalStateException("cache is closed: cache=" + name);
    }
    if (configurations().contains(configuration)) {
      throw new IllegalArgumentException(
          "listener configuration is registered already: cache=" + name + "; deregister it first");
    }
    List<ListenerRegistration<K, V>> registrations = new ArrayList<>(listeners.registrations());
    registrations.add(new ListenerRegistration<>(configuration, name));
    listeners = new Listeners<>(registrations);
  }

  /** Takes a listener out, which is not closed; does nothing if it is not registered. */
  public synchronized void deregister(CacheEntryListenerConfiguration<K, V> configuration) {
    List<ListenerRegistration<K, V>> registrations = new ArrayList<>(listeners.registrations());
    registrations.removeIf(registration -> registration.configuration().equals(configuration));
    listeners = new Listeners<>(registrations);
  }

  /** The configurations of the listeners of this moment. */
  public List<CacheEntryListenerConfiguration<K, V>> configurations() {
    return listeners.registrations().stream().map(ListenerRegistration::configuration).toList();
  }

  /** The listeners and filters themselves, to be closed with the cache. */
  public List<Object> customizations() {
    List<Object> all = new ArrayList<>();
    for (ListenerRegistration<K, V> registration : listeners.registrations()) {
      all.add(registration.listener());
      if (registration.filter() != null) {
        all.add(registration.filter());
      }
    }
    return all;
  }

  /** Waits for the asynchronous listeners, and tells them nothing any more. */
  public void close(long timeoutNanos) {
    synchronized (this) { // a listener that is being registered is among those to be closed
      closed = true;
    }
    worker.close(timeoutNanos);
    ended = true;
  }

  /** A batch for one key, to be filled while the key is locked. */
  public EventBatch<K, V> batch(Listeners<K, V> hearing) {
    return new EventBatch<>(hearing);
  }

  /**
   * Fixes the place of a batch among the events of its key, which is still locked.
   *
   * @param key equal for equal keys
   * @return what to run when the key is unlocked; it throws what the synchronous listeners throw
   */
  public Runnable prepare(Object key, EventBatch<K, V> batch) {
    EventOrder.Ticket ticket = order.take(key);
    return () -> order.run(ticket, () -> deliver(batch));
  }

  private void deliver(EventBatch<K, V> batch) {
    if (closed) {
      return; // meanwhile: it waited for the key of another cache
    }
    Throwable failure = null;
    for (Happening<K, V> happening : batch.happenings()) {
      for (ListenerRegistration<K, V> registration : batch.listeners().registrations()) {
        failure = deliver(registration, happening, failure);
      }
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw (RuntimeException) failure;
    }
  }

  /** Delivers to one listener; the first failure of all, with later ones suppressed in it. */
  private @Nullable Throwable deliver(
      ListenerRegistration<K, V> registration,
      Happening<K, V> happening,
      @Nullable Throwable failure) {
    if (!registration.isSynchronous()) {
      worker.submit(() -> deliverLater(registration, happening));
      return failure;
    }
    try {
      registration.deliver(source, happening);
    } catch (RuntimeException | Error e) {
      if (failure == null) {
        return e;
      }
      if (failure != e) {
        failure.addSuppressed(e);
      }
    }
    return failure;
  }

  private void deliverLater(ListenerRegistration<K, V> registration, Happening<K, V> happening) {
    if (ended) {
      return;
    }
    try {
      registration.deliver(source, happening);
    } catch (RuntimeException e) {
      LOGGER.log(Level.WARNING, "asynchronous listener failed: cache=" + name, e);
    }
  }
}
