package io.pagebook.jcache;

import io.pagebook.jcache.settings.ManagerSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import javax.cache.CacheException;
import javax.cache.configuration.OptionalFeature;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * Pagebook as {@link javax.cache.Caching} finds it. The URI of a manager says where its books are:
 * {@code pagebook:private}, the default, means a directory of its own that goes with it. A {@code
 * file:} URI of a directory names one that processes share, made if it is not there; one of a file,
 * a {@code jar:} or a {@code classpath:} URI names an XML document, which says where the books are
 * and what caches there are: see {@code docs/configuration.md}. Thread-safe.
 */
public final class PageBookCachingProvider implements CachingProvider {
  private final Map<Scope, PageBookCacheManager> managers = new HashMap<>();

  /** Those that this thread is making; guarded by {@code managers}, as they are. */
  private final Set<Scope> starting = new HashSet<>();

  private final InstantSource clock;

  /** For {@link java.util.ServiceLoader}. */
  public PageBookCachingProvider() {
    this(InstantSource.system());
  }

  PageBookCachingProvider(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * {@inheritDoc}
   *
   * @throws CacheException if the URI, or one of the properties, means nothing to this provider; or
   *     for the first mistake in the document that the URI names, and if a cache of it cannot be
   *     made
   */
  @Override
  public PageBookCacheManager getCacheManager(
      @Nullable URI uri, @Nullable ClassLoader classLoader, @Nullable Properties properties) {
    Scope scope = scope(uri, classLoader);
    Properties copy = new Properties();
    if (properties != null) {
      properties
          .stringPropertyNames()
          .forEach(name -> copy.setProperty(name, properties.getProperty(name)));
    }
    synchronized (managers) {
      PageBookCacheManager manager = managers.get(scope);
      if (manager == null || manager.isClosed()) { // closed, and about to be taken out
        manager = start(scope, copy);
        managers.put(scope, manager);
      }
      return manager;
    }
  }

  /** Makes a manager and the caches of its document, whose classes may ask for managers. */
  private PageBookCacheManager start(Scope scope, Properties properties) {
    if (!starting.add(scope)) {
      throw new CacheException(
          "manager is being made: uri="
              + scope.uri()
              + "; do not ask for it in the constructor of a class that its document names");
    }
    try {
      PageBookCacheManager manager =
          new PageBookCacheManager(this, scope.uri(), scope.loader(), properties, clock);
      manager.start();
      return manager;
    } finally {
      starting.remove(scope);
    }
  }

  @Override
  public PageBookCacheManager getCacheManager(
      @Nullable URI uri, @Nullable ClassLoader classLoader) {
    return getCacheManager(uri, classLoader, null);
  }

  @Override
  public PageBookCacheManager getCacheManager() {
    return getCacheManager(null, null, null);
  }

  @Override
  public ClassLoader getDefaultClassLoader() {
    return Objects.requireNonNull(getClass().getClassLoader());
  }

  /**
   * What the system property {@code io.pagebook.jcache.uri} says, or {@code pagebook:private}.
   *
   * @throws CacheException if the property is no URI
   */
  @Override
  public URI getDefaultURI() {
    return ManagerSettings.defaultUri();
  }

  @Override
  public Properties getDefaultProperties() {
    return new Properties();
  }

  /** Closes all managers; new ones can be had afterwards. */
  @Override
  public void close() {
    close(managers().stream().toList());
  }

  @Override
  public void close(@Nullable ClassLoader classLoader) {
    ClassLoader loader = classLoader == null ? getDefaultClassLoader() : classLoader;
    close(managers().stream().filter(manager -> manager.getClassLoader() == loader).toList());
  }

  @Override
  public void close(@Nullable URI uri, @Nullable ClassLoader classLoader) {
    PageBookCacheManager manager;
    synchronized (managers) {
      manager = managers.get(scope(uri, classLoader));
    }
    if (manager != null) {
      manager.close();
    }
  }

  /** False: entries in a file that processes share can only be stored by value. */
  @Override
  public boolean isSupported(OptionalFeature optionalFeature) {
    Objects.requireNonNull(optionalFeature, "optionalFeature");
    return false;
  }

  /** A manager is being closed, and not to be had any more. */
  void released(PageBookCacheManager manager) {
    synchronized (managers) {
      managers.remove(new Scope(manager.getURI(), manager.getClassLoader()), manager);
    }
  }

  private static void close(List<PageBookCacheManager> closing) {
    closing.forEach(PageBookCacheManager::close);
  }

  private List<PageBookCacheManager> managers() {
    synchronized (managers) {
      return new ArrayList<>(managers.values());
    }
  }

  private Scope scope(@Nullable URI uri, @Nullable ClassLoader classLoader) {
    return new Scope(
        uri == null ? getDefaultURI() : uri,
        classLoader == null ? getDefaultClassLoader() : classLoader);
  }

  /**
   * What tells managers apart. No record: on Java 17 the JDK would keep its class, and so the
   * provider's class loader, for ever.
   */
  private static final class Scope {
    private final URI uri;
    private final Object place;
    private final ClassLoader loader;

    Scope(URI uri, ClassLoader loader) {
      this.uri = uri;
      this.loader = loader;
      place = place(uri);
    }

    /** As it was given first. */
    URI uri() {
      return uri;
    }

    ClassLoader loader() {
      return loader;
    }

    /**
     * A directory's path, for its URI has a slash at its end or not, as {@link Path#toUri()} finds
     * it there already or not; else the URI.
     */
    private static Object place(URI uri) {
      if (!"file".equalsIgnoreCase(uri.getScheme()) || ManagerSettings.mayNameDocument(uri)) {
        return uri;
      }
      try {
        return Path.of(uri);
      } catch (IllegalArgumentException e) { // to be refused when a manager is made
        return uri;
      }
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Scope scope && place.equals(scope.place) && loader == scope.loader;
    }

    @Override
    public int hashCode() {
      return 31 * place.hashCode() + System.identityHashCode(loader);
    }
  }
}
