package io.pagebook.jcache.integration;

import java.util.Map;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import org.jspecify.annotations.Nullable;

/**
 * A cache's loader, whose exceptions all come out as {@link CacheLoaderException}. As thread-safe
 * as the loader.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class LoaderAdapter<K, V> {
  private final CacheLoader<K, V> loader;

  public LoaderAdapter(CacheLoader<K, V> loader) {
    this.loader = loader;
  }

  /** The loader itself, to be closed with the cache. */
  public CacheLoader<K, V> loader() {
    return loader;
  }

  /** The loaded value, or null if there is none. */
  public @Nullable V load(K key) {
    try {
      return loader.load(key);
    } catch (CacheLoaderException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  /** What the loader returns for several keys, as it is: keys may be missing and values null. */
  public Map<K, V> loadAll(Iterable<? extends K> keys) {
    try {
      Map<K, V> loaded = loader.loadAll(keys);
      if (loaded == null) {
        throw new CacheLoaderException(
            "loader returned null instead of a map: loader=" + loader.getClass().getName());
      }
      return loaded;
    } catch (CacheLoaderException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  private CacheLoaderException failed(RuntimeException e) {
    return new CacheLoaderException(
        "loader failed: loader=" + loader.getClass().getName() + ", reason=" + e, e);
  }
}
