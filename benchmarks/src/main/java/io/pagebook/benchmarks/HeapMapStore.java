package io.pagebook.benchmarks;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** {@link ConcurrentHashMap}, sized for its entries; neither shared nor persistent. */
final class HeapMapStore implements Store {
  private final ConcurrentMap<Long, String> map;

  HeapMapStore(int entries) {
    map = new ConcurrentHashMap<>(entries);
  }

  @Override
  public @Nullable String get(long key) {
    return map.get(key);
  }

  @Override
  public void put(long key, String value) {
    map.put(key, value);
  }

  @Override
  public void close() {
    map.clear();
  }
}
