package io.pagebook.benchmarks;

import java.nio.file.Path;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * H2's storage engine by itself, with a cache that holds all entries; it writes in the background,
 * as is its default. An update compares and sets.
 */
final class MvStoreStore {
  /** What an object on the heap takes beyond the bytes of its value. */
  private static final int OVERHEAD_BYTES = 100;

  private MvStoreStore() {}

  static <V> Store<V> open(Path directory, Shape<V> shape) {
    MVStore store =
        new MVStore.Builder()
            .fileName(directory.resolve("benchmark.mv").toString())
            .cacheSize(shape.roomMiB(OVERHEAD_BYTES))
            .open();
    MVMap<Long, V> map =
        store.openMap(
            "benchmark",
            new MVMap.Builder<Long, V>()
                .keyType(LongDataType.INSTANCE)
                .valueType(valueType(shape.form())));
    return new MapStore<>(map, store::close);
  }

  @SuppressWarnings("unchecked") // the form says which of the two V is
  private static <V> DataType<V> valueType(ValueForm<V> form) {
    return (DataType<V>)
        (form.type() == String.class ? StringDataType.INSTANCE : ByteArrayDataType.INSTANCE);
  }
}
