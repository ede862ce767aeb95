package io.pagebook.jcache;

import io.pagebook.book.BookException;
import io.pagebook.book.PageBook;
import io.pagebook.jcache.home.CacheHome;
import io.pagebook.jcache.home.PrivateHome;
import io.pagebook.jcache.home.SharedHome;
import io.pagebook.jcache.settings.CacheConfiguration;
import io.pagebook.jcache.settings.ManagerSettings;
import io.pagebook.jcache.settings.NamedCache;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The caches of one URI and one class loader. With the default URI they are private: their books
 * lie in a fresh directory, in memory if there is a file system of some size for that, and are
 * deleted when the manager is closed. With a {@code file:} URI of a directory they are shared: each
 * cache is a book in that directory, other managers and processes work on it at the same time, and
 * it stays. Creating a cache attaches to the book of its name if there is one. With the URI of an
 * XML document the document decides, and the caches that it names exist from the start.
 * Thread-safe.
 */
public final class PageBookCacheManager implements CacheManager {
  private static final Logger LOGGER = System.getLogger("io.pagebook.jcache");

  private final PageBookCachingProvider provider;
  private final URI uri;
  private final ClassLoader loader;
  private final Properties properties;
  private final ManagerSettings settings;
  private final CacheHome home;
  private final InstantSource clock;
  private final ConcurrentHashMap<String, PageBookCache<?, ?>> caches = new ConcurrentHashMap<>();

  /**
   * Guards creation against creation, destruction and closing; never held when a cache is closed.
   */
  private final Object creation = new Object();

  private final AtomicBoolean warnedOfByReference = new AtomicBoolean();

  private volatile boolean closed;

  PageBookCacheManager(
      PageBookCachingProvider provider,
      URI uri,
      ClassLoader loader,
      Properties properties,
      InstantSource clock) {
    this.provider = provider;
    this.uri = uri;
    this.loader = loader;
    this.properties = properties;
    this.clock = clock;
    settings = ManagerSettings.of(uri, loader, properties);
    Path directory = settings.directory();
    home = directory == null ? new PrivateHome() : new SharedHome(directory);
  }

  /**
   * Makes the caches that exist from the start.
   *
   * @throws CacheException if one of them cannot be made; the manager is closed then
   */
  void start() {
    boolean complete = false;
    try {
      settings.caches().values().forEach(this::create);
      complete = true;
    } finally {
      if (!complete) {
        close();
      }
    }
  }

  private void create(NamedCache cache) {
    try {
      createCache(cache.name(), cache.configuration());
    } catch (RuntimeException e) {
      throw cache.failed(e);
    }
  }

  @Override
  public PageBookCachingProvider getCachingProvider() {
    return provider;
  }

  @Override
  public URI getURI() {
    return uri;
  }

  @Override
  public ClassLoader getClassLoader() {
    return loader;
  }

  @Override
  public Properties getProperties() {
    return properties;
  }

  /**
   * {@inheritDoc}
   *
   * <p>If the directory has a book of that name, the cache attaches to it and to what is in it.
   *
   * @throws IllegalArgumentException if the configuration has no type, or wants to read or write
   *     through without a factory of a loader or writer
   * @throws UnsupportedOperationException if the configuration wants its entries stored by
   *     reference, and the manager's document does not say to ignore that
   * @throws CacheException if the cache exists in this manager, if its customizations cannot be
   *     made, or if its book cannot be opened or was made with other types
   */
  @Override
  public <K, V, C extends Configuration<K, V>> PageBookCache<K, V> createCache(
      String cacheName, C configuration) {
    ensureOpen();
    Objects.requireNonNull(cacheName, "cacheName must not be null");
    Objects.requireNonNull(configuration, "configuration must not be null");
    CacheConfiguration<K, V> copy = accepted(cacheName, CacheConfiguration.copyOf(configuration));
    PageBookCache<?, ?> closing = caches.get(cacheName);
    if (closing != null && closing.isClosed() && !closing.awaitRelease()) {
      throw new CacheException(
          "cache of that name is still being closed: cache=" + cacheName + "; try again later");
    }
    PageBookCache<K, V> cache;
    synchronized (creation) {
      ensureOpen();
      if (caches.containsKey(cacheName)) {
        throw new CacheException(
            "cache exists: cache=" + cacheName + "; get it, or destroy or close it first");
      }
      CacheAssembly assembly = new CacheAssembly(settings.cache(cacheName), loader, clock);
      Path file = home.bookFile(cacheName);
      cache = new PageBookCache<>(this, source -> assembly.parts(source, cacheName, copy, file));
      caches.put(cacheName, cache);
    }
    boolean complete = false;
    try {
      cache.enableStatistics(copy.isStatisticsEnabled());
      cache.enableManagement(copy.isManagementEnabled());
      complete = true;
      return cache;
    } finally {
      if (!complete) {
        cache.close();
      }
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws ClassCastException if the cache was created with other types
   */
  @Override
  @SuppressWarnings("unchecked") // the types are compared
  public <K, V> @Nullable PageBookCache<K, V> getCache(
      String cacheName, Class<K> keyType, Class<V> valueType) {
    ensureOpen();
    Objects.requireNonNull(keyType, "keyType must not be null");
    Objects.requireNonNull(valueType, "valueType must not be null");
    PageBookCache<?, ?> cache = find(cacheName);
    if (cache == null) {
      return null;
    }
    CacheConfiguration<?, ?> configuration = cache.configuration();
    checkType("key", configuration.getKeyType(), keyType, cacheName);
    checkType("value", configuration.getValueType(), valueType, cacheName);
    return (PageBookCache<K, V>) cache;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as the interface has it
  public <K, V> @Nullable PageBookCache<K, V> getCache(String cacheName) {
    ensureOpen();
    return (PageBookCache<K, V>) find(cacheName);
  }

  /**
   * The names of the caches that were created here and not closed; never those that only have a
   * book.
   */
  @Override
  public Iterable<String> getCacheNames() {
    ensureOpen();
    List<String> names = new ArrayList<>();
    caches.forEach(
        (name, cache) -> {
          if (!cache.isClosed()) {
            names.add(name);
          }
        });
    return List.copyOf(names);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The book is deleted, also if the cache is not open here. Where others have it open, their
   * operations throw {@link IllegalStateException} from then on.
   *
   * @throws CacheException if the book cannot be deleted
   */
  @Override
  public void destroyCache(String cacheName) {
    ensureOpen();
    Objects.requireNonNull(cacheName, "cacheName must not be null");
    boolean destroyed = false;
    while (!destroyed) { // another thread may create the cache anew
      PageBookCache<?, ?> cache = caches.get(cacheName);
      if (cache != null) {
        cache.close();
      }
      synchronized (creation) {
        destroyed = find(cacheName) == null;
        if (destroyed && !home.isPrivate()) {
          destroyBook(home.bookFile(cacheName), cacheName);
        }
      }
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>An unknown cache is ignored.
   */
  @Override
  public void enableManagement(String cacheName, boolean enabled) {
    ensureOpen();
    PageBookCache<?, ?> cache =
        find(Objects.requireNonNull(cacheName, "cacheName must not be null"));
    if (cache != null) {
      cache.enableManagement(enabled);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>An unknown cache is ignored.
   */
  @Override
  public void enableStatistics(String cacheName, boolean enabled) {
    ensureOpen();
    PageBookCache<?, ?> cache =
        find(Objects.requireNonNull(cacheName, "cacheName must not be null"));
    if (cache != null) {
      cache.enableStatistics(enabled);
    }
  }

  @Override
  public void close() {
    synchronized (creation) {
      if (closed) {
        return;
      }
      closed = true;
    }
    provider.released(this);
    for (PageBookCache<?, ?> cache : caches.values()) {
      try {
        cache.close();
      } catch (RuntimeException e) {
        LOGGER.log(Level.WARNING, "cache cannot be closed: cache=" + cache.getName(), e);
      }
    }
    home.close();
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  /**
   * This manager as a class of this provider.
   *
   * @throws IllegalArgumentException if it is no such class
   */
  @Override
  public <T> T unwrap(Class<T> type) {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new IllegalArgumentException("manager is no such class: class=" + type.getName());
  }

  @Override
  public String toString() {
    return "PageBookCacheManager[uri=" + uri + "]";
  }

  /** A cache has closed its book. */
  void released(PageBookCache<?, ?> cache) {
    if (home.isPrivate()) {
      try {
        destroyBook(cache.unwrap(PageBook.class).file(), cache.getName());
      } catch (CacheException e) {
        LOGGER.log(Level.WARNING, "book of a private cache stays until its manager is closed", e);
      }
    }
    caches.remove(cache.getName(), cache);
  }

  private static void destroyBook(Path file, String cacheName) {
    try {
      PageBook.destroy(file);
    } catch (BookException e) {
      throw new CacheException(
          "book of the cache cannot be deleted: cache=" + cacheName + ", reason=" + e.getMessage(),
          e);
    }
  }

  private @Nullable PageBookCache<?, ?> find(String cacheName) {
    PageBookCache<?, ?> cache =
        caches.get(Objects.requireNonNull(cacheName, "cacheName must not be null"));
    return cache == null || cache.isClosed() ? null : cache;
  }

  private void ensureOpen() {
    if (closed) {
      throw new IllegalStateException("manager is closed: uri=" + uri);
    }
  }

  /** A configuration as this manager can fulfil it. */
  private <K, V> CacheConfiguration<K, V> accepted(
      String cacheName, CacheConfiguration<K, V> configuration) {
    if (configuration.getKeyType() == null || configuration.getValueType() == null) {
      throw new IllegalArgumentException(
          "configuration has no key type or no value type: cache=" + cacheName);
    }
    if (configuration.isReadThrough() && configuration.getCacheLoaderFactory() == null) {
      throw new IllegalArgumentException(
          "cache is to read through, but has no loader: cache="
              + cacheName
              + "; call setCacheLoaderFactory, or leave out setReadThrough(true)");
    }
    if (configuration.isWriteThrough() && configuration.getCacheWriterFactory() == null) {
      throw new IllegalArgumentException(
          "cache is to write through, but has no writer: cache="
              + cacheName
              + "; call setCacheWriterFactory, or leave out setWriteThrough(true)");
    }
    if (configuration.isStoreByValue()) {
      return configuration;
    }
    if (!settings.acceptsByReference()) {
      throw new UnsupportedOperationException(
          "entries cannot be stored by reference, because processes share them: cache="
              + cacheName
              + "; leave out setStoreByValue(false), or have it ignored with"
              + " <store-by-reference accept=\"true\"/> in the manager's XML document");
    }
    if (!warnedOfByReference.getAndSet(true)) {
      LOGGER.log(
          Level.WARNING,
          "entries are stored by value, although a cache asks for by reference: cache={0}, uri={1}",
          cacheName,
          uri);
    }
    return configuration.byValue();
  }

  private static void checkType(
      String what, Class<?> declared, Class<?> expected, String cacheName) {
    if (declared != expected) {
      throw new ClassCastException(
          "cache was created with another type: cache="
              + cacheName
              + ", declared "
              + what
              + "Type="
              + declared.getName()
              + ", expected="
              + expected.getName());
    }
  }
}
