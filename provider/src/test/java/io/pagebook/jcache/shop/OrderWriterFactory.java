package io.pagebook.jcache.shop;

import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.cache.Cache;
import javax.cache.configuration.Factory;
import javax.cache.integration.CacheWriter;

/** Makes writers that remember what they were given. */
public final class OrderWriterFactory implements Factory<CacheWriter<Long, Order>> {
  /** All that was written, in order. */
  public static final Queue<Order> WRITTEN = new ConcurrentLinkedQueue<>();

  private static final long serialVersionUID = 1L;

  @Override
  public CacheWriter<Long, Order> create() {
    return new CacheWriter<>() {
      @Override
      public void write(Cache.Entry<? extends Long, ? extends Order> entry) {
        WRITTEN.add(entry.getValue());
      }

      @Override
      public void writeAll(Collection<Cache.Entry<? extends Long, ? extends Order>> entries) {
        entries.forEach(this::write);
        entries.clear();
      }

      @Override
      public void delete(Object key) {
        // nothing to delete from
      }

      @Override
      public void deleteAll(Collection<?> keys) {
        keys.clear();
      }
    };
  }
}
