package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.ObjectDataType;
import org.jspecify.annotations.Nullable;

/**
 * H2's storage engine by itself, with a cache that holds all entries; it writes in the background,
 * as is its default. An update compares and sets.
 */
final class MvStoreStore<V> implements Store<V> {
  /** What an object on the heap takes beyond the bytes of its value. */
  private static final int OVERHEAD_BYTES = 100;

  private final MVStore store;
  private final MVMap<Long, V> map;

  MvStoreStore(Path directory, Shape<V> shape) {
    store =
        new MVStore.Builder()
            .fileName(directory.resolve("benchmark.mv").toString())
            .cacheSize(shape.roomMiB(OVERHEAD_BYTES))
            .open();
    map =
        store.openMap(
            "benchmark",
            new MVMap.Builder<Long, V>()
                .keyType(LongDataType.INSTANCE)
                .valueType(new ObjectDataType()));
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
    map.forEach((key, value) -> visitor.accept(value));
  }

  @Override
  public void close() {
    store.close();
  }
}
