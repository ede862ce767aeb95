package io.pagebook.benchmarks;

import com.github.benmanes.caffeine.jcache.configuration.CaffeineConfiguration;
import com.github.benmanes.caffeine.jcache.spi.CaffeineCachingProvider;
import io.pagebook.jcache.PageBookCachingProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;

/** A JCache, reached the way an application reaches it. An update is an entry processor. */
final class JCacheStore<V> implements Store<V> {
  static final String NAME = "benchmark";

  private static final AtomicInteger MANAGERS = new AtomicInteger();

  private final CacheManager manager;
  private final Cache<Long, V> cache;

  /** Creates the cache, or takes the one that is there. */
  JCacheStore(CacheManager manager, Shape<V> shape, Configuration<Long, V> configuration) {
    this.manager = manager;
    Cache<Long, V> existing = manager.getCache(NAME, Long.class, shape.form().type());
    this.cache = existing != null ? existing : manager.createCache(NAME, configuration);
  }

  /** The provider with a shared manager on {@code directory}. */
  static <V> JCacheStore<V> pagebook(Path directory, Shape<V> shape) {
    return pagebook(directory.toUri(), shape);
  }

  /** The same with a near-cache. */
  static <V> JCacheStore<V> pagebookNear(Path directory, Shape<V> shape) {
    Path document = directory.resolve("pagebook.xml");
    try {
      Files.writeString(
          document,
          "<pagebook xmlns=\"urn:pagebook:config:1\"><directory path=\""
              + directory
              + "\"/><default-cache><near-cache max-entries=\""
              + shape.entries()
              + "\"/></default-cache></pagebook>");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pagebook(document.toUri(), shape);
  }

  private static <V> JCacheStore<V> pagebook(URI uri, Shape<V> shape) {
    CacheManager manager =
        Caching.getCachingProvider(PageBookCachingProvider.class.getName())
            .getCacheManager(uri, null);
    return new JCacheStore<>(
        manager,
        shape,
        new MutableConfiguration<Long, V>().setTypes(Long.class, shape.form().type()));
  }

  /** Caffeine's own adapter, by value as is the default, bounded as the near-cache is. */
  static <V> JCacheStore<V> caffeine(Shape<V> shape) {
    CaffeineConfiguration<Long, V> configuration = new CaffeineConfiguration<>();
    configuration.setTypes(Long.class, shape.form().type());
    configuration.setMaximumSize(OptionalLong.of(shape.entries()));
    CacheManager manager =
        Caching.getCachingProvider(CaffeineCachingProvider.class.getName())
            .getCacheManager(newUri(), null);
    return new JCacheStore<>(manager, shape, configuration);
  }

  /** Of a manager that no other store of this JVM has: where a cache lives and dies with one. */
  static URI newUri() {
    return URI.create(NAME + "-" + MANAGERS.incrementAndGet());
  }

  @Override
  public @Nullable V get(long key) {
    return cache.get(key);
  }

  @Override
  public void put(long key, V value) {
    cache.put(key, value);
  }

  @Override
  public void update(long key, UnaryOperator<V> change) {
    cache.invoke(key, new Change<>(change));
  }

  @Override
  public void forEach(Consumer<V> visitor) {
    cache.forEach(entry -> visitor.accept(entry.getValue()));
  }

  @Override
  public void close() {
    manager.close();
  }

  private record Change<V>(UnaryOperator<V> change) implements EntryProcessor<Long, V, Boolean> {
    @Override
    public Boolean process(MutableEntry<Long, V> entry, Object... arguments) {
      boolean exists = entry.exists();
      if (exists) {
        entry.setValue(change.apply(entry.getValue()));
      }
      return exists;
    }
  }
}
