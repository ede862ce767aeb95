package io.pagebook.jcache;

import java.util.Map;
import javax.cache.integration.CacheLoader;

/** A loader that tells when it is closed. */
record ClosingLoader(Runnable whenClosed) implements CacheLoader<Object, Object>, AutoCloseable {
  @Override
  public Object load(Object key) {
    return "loaded";
  }

  @Override
  public Map<Object, Object> loadAll(Iterable<?> keys) {
    return Map.of();
  }

  @Override
  public void close() {
    whenClosed.run();
  }
}
