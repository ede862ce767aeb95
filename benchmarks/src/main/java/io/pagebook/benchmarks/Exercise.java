package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A loaded store and the requests to it; each operation takes the number of a request. */
final class Exercise<V> implements AutoCloseable {
  private final Store<V> store;
  private final Shape<V> shape;
  private final Workload<V> workload;

  private Exercise(Store<V> store, Shape<V> shape) {
    this.store = store;
    this.shape = shape;
    this.workload = new Workload<>(shape);
  }

  /** Opens, fills and verifies a store in {@code directory}. */
  static <V> Exercise<V> load(StoreKind kind, Path directory, Shape<V> shape) {
    Store<V> store = kind.open(directory, shape);
    store.fill(shape);
    Workload.verify(store, shape);
    return new Exercise<>(store, shape);
  }

  @Nullable V get(int i) {
    return store.get(key(i));
  }

  @Nullable V miss(int i) {
    return store.get(Workload.missingKey(entry(i)));
  }

  void put(int i) {
    store.put(key(i), workload.value(i));
  }

  @Nullable V mixed(int i) {
    if (workload.request(i) > 0) {
      return store.get(key(i));
    }
    store.put(key(i), workload.value(i));
    return null;
  }

  void update(int i) {
    store.update(key(i), shape.form()::turned);
  }

  void iterate(Consumer<Object> visitor) {
    store.forEach(visitor::accept);
  }

  @Override
  public void close() {
    store.close();
  }

  private int key(int i) {
    return Workload.key(entry(i));
  }

  private int entry(int i) {
    return Math.abs(workload.request(i));
  }
}
