package io.pagebook.jcache;

import io.pagebook.book.BookException;
import io.pagebook.book.PageBook;
import io.pagebook.jcache.event.EventDispatcher;
import io.pagebook.jcache.integration.ApplicationObjects;
import io.pagebook.jcache.management.BeanRegistration;
import io.pagebook.jcache.management.ConfigurationBean;
import io.pagebook.jcache.management.StatisticsBean;
import io.pagebook.jcache.near.NearCache;
import io.pagebook.jcache.settings.CacheConfiguration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.integration.CompletionListener;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * A cache whose entries are the records of a book. Each operation on one key is atomic against all
 * others on it, by any thread of any process that shares the book; operations on many keys change
 * one after the other. Keys and values are stored by value, and what comes out is never an alias of
 * what went in. Thread-safe.
 *
 * <p>Every operation throws {@link IllegalStateException} if the cache is closed or its book was
 * destroyed, and {@link javax.cache.CacheException} with the {@link BookException} as its cause if
 * the book refuses.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class PageBookCache<K, V> implements Cache<K, V> {
  private final PageBookCacheManager manager;
  private final CacheParts<K, V> parts;
  private final CacheCore<K, V> core;
  private final ReadOperations<K, V> reads;
  private final WriteOperations<K, V> writes;
  private final RemoveOperations<K, V> removes;
  private final BulkOperations<K, V> bulk;
  private final ProcessorOperations<K, V> processors;
  private final LoadOperations<K, V> loads;
  private final BeanRegistration statisticsBean;
  private final BeanRegistration configurationBean;
  private final CountDownLatch released = new CountDownLatch(1);

  private volatile boolean managementEnabled;
  private volatile boolean closed;

  PageBookCache(PageBookCacheManager manager, PartsFactory<K, V> factory) {
    this.manager = manager;
    parts = factory.create(this);
    core = new CacheCore<>(parts);
    reads = new ReadOperations<>(core);
    writes = new WriteOperations<>(core);
    removes = new RemoveOperations<>(core);
    bulk = new BulkOperations<>(core, writes, removes);
    processors = new ProcessorOperations<>(core);
    loads = new LoadOperations<>(core, parts.worker());
    statisticsBean =
        BeanRegistration.statistics(
            manager.getURI(), parts.name(), new StatisticsBean(core.statistics()));
    configurationBean =
        BeanRegistration.configuration(
            manager.getURI(), parts.name(), new ConfigurationBean(this::configuration));
  }

  @Override
  public @Nullable V get(K key) {
    ensureOpen();
    try {
      return reads.get(key);
    } catch (BookException e) {
      throw core.translate(e);
    }
  }

  @Override
  public Map<K, V> getAll(Set<? extends K> keys) {
    ensureOpen();
    try {
      return reads.getAll(keys);
    } catch (BookException e) {
      throw core.translate(e);
    }
  }

  @Override
  public boolean containsKey(K key) {
    ensureOpen();
    try {
      return reads.containsKey(key);
    } catch (BookException e) {
      throw core.translate(e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>The set is copied before this method returns. The listener hears of failures as {@link
   * javax.cache.integration.CacheLoaderException}, or of any other {@link
   * javax.cache.CacheException}.
   */
  @Override
  public void loadAll(
      Set<? extends K> keys, boolean replaceExistingValues, @Nullable CompletionListener listener) {
    ensureOpen();
    loads.loadAll(keys, replaceExistingValues, listener);
  }

  @Override
  public void put(K key, V value) {
    core.enter();
    try {
      writes.put(key, value);
    } catch (BookException e) {
      throw core.translate(e);
    } finally {
      core.leave();
    }
  }

  @Override
  public @Nullable V getAndPut(K key, V value) {
    core.enter();
    try {
      return writes.getAndPut(key, value);
    } catch (BookException e) {
      throw core.translate(e);
    } finally {
      core.leave();
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>All keys and values are checked before the first is put. With write-through, the writer is
   * called once, before; what it failed to write is not put, and its exception is thrown when the
   * rest has been.
   */
  @Override
  public void putAll(Map<? extends K, ? extends V> map) {
    core.enter();
    try {
      bulk.putAll(map);
    } catch (BookException e) {
      throw core.translate(e);
    } finally {
      core.leave();
    }
  }

  @Override
  public boolean putIfAbsent(K key, V value) {
    core.enter();
    try {
      return writes.putIfAbsent(key, value);
    } catch (BookException e) {
      throw core.translate(e);
    } finally {
      core.leave();
    }
  }

  @Override
  public boolean remove(K key) {
    core.enter();
    try {
      return removes.remove(key);
    } catch (BookException e) {
      throw core.translate(e);
    } finally {
      core.leave();
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Values are compared by {@code equals}, arrays by their elements.
   */
  @Override
  public boolean remove(K key, V oldValue) {
    core.enter();
    try {
      return removes.remove(key, oldValue);
    } catch (BookException e) {
      throw core.translate(e);
    } finally {
      core.leave();
    }
  }

  @Override
  public @Nullable V getAndRemove(K key) {
    core.enter();
    try {
      return removes.getAndRemove(key);
    } catch (BookException e) {
      throw core.translate(e);
    } finally {
      core.leave();
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Values are compared by {@code equals}, arrays by their elements.
   */
  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    core.enter();
    try {
      return writes.replace(key, oldValue, newValue);
    } catch (BookException e) {
      throw core.translate(e);
    } finally {
      core.leave();
    }
  }

  @Override
  public boolean replace(K key, V value) {
    core.enter();
    try {
      return writes.replace(key, value);
    } catch (BookException e) {
      throw core.translate(e);
    } finally {
      core.leave();
    }
  }

  @Override
  public @Nullable V getAndReplace(K key, V value) {
    core.enter();
    try {
      return writes.getAndReplace(key, value);
    } catch (BookException e) {
      throw core.translate(e);
    } finally {
      core.leave();
    }
  }

  @Override
  public void removeAll(Set<? extends K> keys) {
    core.enter();
    try {
      bulk.removeAll(keys);
    } catch (BookException e) {
      throw core.translate(e);
    } finally {
      core.leave();
    }
  }

  @Override
  public void removeAll() {
    core.enter();
    try {
      bulk.removeAll();
    } catch (BookException e) {
      throw core.translate(e);
    } finally {
      core.leave();
    }
  }

  @Override
  public void clear() {
    core.enter();
    try {
      bulk.clear();
    } catch (BookException e) {
      throw core.translate(e);
    } finally {
      core.leave();
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>The processor runs on this thread, while the key is locked for all processes. It may use
   * this cache for other keys, at the risk that another thread does so the other way round: then
   * both time out. Using the same key fails.
   */
  @Override
  public <T> @Nullable T invoke(
      K key, EntryProcessor<K, V, T> entryProcessor, @Nullable Object... arguments) {
    core.enter();
    try {
      return processors.invoke(key, entryProcessor, arguments);
    } catch (BookException e) {
      throw core.translate(e);
    } finally {
      core.leave();
    }
  }

  @Override
  public <T> Map<K, EntryProcessorResult<T>> invokeAll(
      Set<? extends K> keys,
      EntryProcessor<K, V, T> entryProcessor,
      @Nullable Object... arguments) {
    core.enter();
    try {
      return processors.invokeAll(keys, entryProcessor, arguments);
    } catch (BookException e) {
      throw core.translate(e);
    } finally {
      core.leave();
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>An entry that is there from beginning to end is returned once; one that comes or goes
   * meanwhile, once or not.
   */
  @Override
  public Iterator<Entry<K, V>> iterator() {
    ensureOpen();
    try {
      return new EntryIterator<>(core, this);
    } catch (BookException e) {
      throw core.translate(e);
    }
  }

  @Override
  public String getName() {
    return parts.name();
  }

  @Override
  public PageBookCacheManager getCacheManager() {
    return manager;
  }

  @Override
  public <C extends Configuration<K, V>> C getConfiguration(Class<C> type) {
    CacheConfiguration<K, V> current = configuration();
    if (type.isInstance(current)) {
      return type.cast(current);
    }
    throw new IllegalArgumentException(
        "configuration is no such class: class="
            + type.getName()
            + "; ask for javax.cache.configuration.CompleteConfiguration");
  }

  @Override
  public void registerCacheEntryListener(CacheEntryListenerConfiguration<K, V> configuration) {
    ensureOpen();
    parts.events().register(Objects.requireNonNull(configuration, "configuration"));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The listener is not closed: it belongs to whoever takes it out.
   */
  @Override
  public void deregisterCacheEntryListener(CacheEntryListenerConfiguration<K, V> configuration) {
    ensureOpen();
    parts.events().deregister(Objects.requireNonNull(configuration, "configuration"));
  }

  /** Size, bytes, and what all processes together counted; see there how fresh it is. */
  public CacheReport report() {
    ensureOpen();
    try {
      return CacheReport.of(parts.book(), core.unreadableCount());
    } catch (BookException e) {
      throw core.translate(e);
    }
  }

  /**
   * This cache as a class of this provider, or its book.
   *
   * @throws IllegalArgumentException if {@code type} is neither this class, nor a supertype of it,
   *     nor {@link PageBook}
   */
  @Override
  public <T> T unwrap(Class<T> type) {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    if (type == PageBook.class) {
      return type.cast(parts.book());
    }
    throw new IllegalArgumentException("cache is no such class: class=" + type.getName());
  }

  /**
   * {@inheritDoc}
   *
   * <p>Waits for operations, loads and asynchronous events that are under way, but for the caller's
   * own and no longer than a lock, and closes loader, writer, expiry policy and listeners after
   * that. An interrupt is kept, and does not end the wait. The entries of a shared book stay; a
   * private book is deleted.
   */
  @Override
  public void close() {
    synchronized (released) {
      if (closed) {
        return;
      }
      closed = true;
    }
    try {
      core.shut();
      parts.closeWorkers();
      statisticsBean.retire();
      configurationBean.retire();
    } finally {
      try {
        closeCustomizations();
      } finally {
        closeBook();
      }
    }
  }

  private void closeCustomizations() {
    try {
      ApplicationObjects.close(parts.events().customizations());
    } finally {
      parts.customizations().close();
    }
  }

  /** Also if that fails, the name is free afterwards. */
  private void closeBook() {
    NearCache<V> near = parts.near();
    if (near != null) {
      near.clear();
    }
    try {
      parts.book().close();
    } finally {
      manager.released(this);
      released.countDown();
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public String toString() {
    return "PageBookCache[name=" + getName() + ", file=" + parts.book().file() + "]";
  }

  void ensureOpen() {
    if (closed) {
      throw core.closed(null);
    }
  }

  /** Tells listeners that an entry has expired, if that is still so. */
  void expire(K key) {
    reads.expire(key);
  }

  CacheConfiguration<K, V> configuration() {
    EventDispatcher<K, V> events = parts.events();
    List<CacheEntryListenerConfiguration<K, V>> listeners = events.configurations();
    return parts.configuration().with(listeners, core.statistics().isEnabled(), managementEnabled);
  }

  void enableStatistics(boolean enabled) {
    core.statistics().setEnabled(enabled);
    statisticsBean.setRegistered(enabled);
  }

  void enableManagement(boolean enabled) {
    managementEnabled = enabled;
    configurationBean.setRegistered(enabled);
  }

  /** How many gets asked the book; those that did not were served by the near-cache. */
  long nearBookReads() {
    NearCache<V> near = parts.near();
    return near == null ? 0 : near.bookReads();
  }

  /**
   * Waits until a cache that is being closed has let go of its book; false if that takes too long.
   */
  boolean awaitRelease() {
    boolean interrupted = false;
    long deadline = System.nanoTime() + parts.lockTimeoutNanos();
    try {
      while (true) {
        try {
          return released.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Makes the parts of a cache that its events name as their source.
   *
   * @param <K> the type of keys
   * @param <V> the type of values
   */
  interface PartsFactory<K, V> {
    CacheParts<K, V> create(Cache<K, V> source);
  }
}
