package io.pagebook.benchmarks;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@link ConcurrentHashMap}, sized for its entries; neither shared nor persistent. */
final class HeapMapStore<V> implements Store<V> {
  private final ConcurrentMap<Long, V> map;

  HeapMapStore(Shape<V> shape) {
    map = new ConcurrentHashMap<>(shape.entries());
  }

  @Override
  public @Nullable V get(long key) {
    return map.get(key);
  }

  @Override
  public void put(long key, V value) {
    map.put(key, value);
  }

  @Override
  public void update(long key, UnaryOperator<V> change) {
    map.computeIfPresent(key, (k, value) -> change.apply(value));
  }

  @Override
  public void forEach(Consumer<V> visitor) {
    map.values().forEach(visitor);
  }

  @Override
  public void close() {
    map.clear();
  }
}
