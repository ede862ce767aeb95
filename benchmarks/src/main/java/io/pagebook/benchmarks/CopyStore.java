package io.pagebook.benchmarks;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A map on the heap whose values are copied into new memory on their way in and out: what a store
 * that hands out whole values cannot do without. With large values it measures the copy alone.
 */
final class CopyStore<V> implements Store<V> {
  private final HeapMapStore<V> map;
  private final ValueForm<V> form;

  CopyStore(Shape<V> shape) {
    map = new HeapMapStore<>(shape);
    form = shape.form();
  }

  @Override
  public @Nullable V get(long key) {
    V value = map.get(key);
    return value == null ? null : form.copy(value);
  }

  @Override
  public void put(long key, V value) {
    map.put(key, form.copy(value));
  }

  @Override
  public void update(long key, UnaryOperator<V> change) {
    map.update(key, value -> form.copy(change.apply(form.copy(value))));
  }

  @Override
  public void forEach(Consumer<V> visitor) {
    map.forEach(value -> visitor.accept(form.copy(value)));
  }

  @Override
  public void close() {
    map.close();
  }
}
