package io.pagebook.jcache;

import io.pagebook.jcache.expiry.ExpiryRules;
import io.pagebook.jcache.integration.ApplicationObjects;
import io.pagebook.jcache.integration.LoaderAdapter;
import io.pagebook.jcache.integration.WriterAdapter;
import java.util.ArrayList;
import java.util.List;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;

/**
 * What an application brings along with a cache's configuration, each made once by its factory.
 *
 * @param expiry the expiry policy
 * @param loader the loader, if any
 * @param writer the writer, if any
 * @param <K> the type of keys
 * @param <V> the type of values
 */
record Customizations<K, V>(
    ExpiryRules expiry,
    @Nullable LoaderAdapter<K, V> loader,
    @Nullable WriterAdapter<K, V> writer) {
  /**
   * Makes them; if one factory fails, what was made so far is closed.
   *
   * @throws javax.cache.CacheException if one fails, or makes nothing
   */
  static <K, V> Customizations<K, V> create(
      CompleteConfiguration<K, V> configuration, String cacheName) {
    List<Object> made = new ArrayList<>();
    boolean complete = false;
    try {
      ExpiryPolicy policy =
          ApplicationObjects.create(
              configuration.getExpiryPolicyFactory(), "expiry policy", cacheName);
      made.add(policy);
      Factory<CacheLoader<K, V>> loaders = configuration.getCacheLoaderFactory();
      CacheLoader<K, V> loader =
          loaders == null ? null : ApplicationObjects.create(loaders, "loader", cacheName);
      if (loader != null) {
        made.add(loader);
      }
      Factory<CacheWriter<? super K, ? super V>> writers = configuration.getCacheWriterFactory();
      CacheWriter<? super K, ? super V> writer =
          writers == null ? null : ApplicationObjects.create(writers, "writer", cacheName);
      Customizations<K, V> all =
          new Customizations<>(
              new ExpiryRules(policy),
              loader == null ? null : new LoaderAdapter<>(loader),
              writer == null ? null : new WriterAdapter<>(writer));
      complete = true;
      return all;
    } finally {
      if (!complete) {
        ApplicationObjects.close(made);
      }
    }
  }

  /** Closes those that can be closed. */
  void close() {
    List<Object> all = new ArrayList<>();
    if (loader != null) {
      all.add(loader.loader());
    }
    if (writer != null) {
      all.add(writer.writer());
    }
    all.add(expiry.policy());
    ApplicationObjects.close(all);
  }
}
