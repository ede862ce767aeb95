package io.pagebook.benchmarks;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A store that is a {@link ConcurrentMap}; an update compares and sets, or locks the key. */
class MapStore<V> implements Store<V> {
  private final ConcurrentMap<Long, V> map;
  private final Runnable closing;

  MapStore(ConcurrentMap<Long, V> map, Runnable closing) {
    this.map = map;
    this.closing = closing;
  }

  /** {@link ConcurrentHashMap}, sized for its entries; neither shared nor persistent. */
  static <V> Store<V> onHeap(Shape<V> shape) {
    ConcurrentMap<Long, V> map = new ConcurrentHashMap<>(shape.entries());
    return new MapStore<>(map, map::clear);
  }

  @Override
  public final @Nullable V get(long key) {
    return map.get(key);
  }

  @Override
  public final void put(long key, V value) {
    map.put(key, value);
  }

  @Override
  public void update(long key, UnaryOperator<V> change) {
    map.computeIfPresent(key, (k, value) -> change.apply(value));
  }

  @Override
  public final void forEach(Consumer<V> visitor) {
    map.forEach((key, value) -> visitor.accept(value));
  }

  @Override
  public final void close() {
    closing.run();
  }
}
