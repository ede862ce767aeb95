package io.pagebook.benchmarks;

import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.RecordCursor;
import io.pagebook.book.RecordStore;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The record store under the key-value store: eight-byte keys, one buffer per thread, no codec but
 * Latin-1. An update tries again if the record's stamp has changed.
 */
final class RecordBookStore<V> implements Store<V> {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final PageBook book;
  private final RecordStore records;
  private final ValueForm<V> form;
  private final ThreadLocal<RecordBuffer> buffers = ThreadLocal.withInitial(RecordBuffer::new);

  RecordBookStore(Path directory, Shape<V> shape) {
    book = PageBook.open(PageBookStore.file(directory));
    records = book.records();
    form = shape.form();
  }

  @Override
  public @Nullable V get(long key) {
    RecordBuffer buffer = withKey(key);
    return records.get(buffer) ? form.fromBuffer(buffer) : null;
  }

  @Override
  public void put(long key, V value) {
    RecordBuffer buffer = withKey(key);
    fill(buffer, value);
    records.put(buffer);
    buffer.releaseValue(); // a large array is the caller's
  }

  @Override
  public void update(long key, UnaryOperator<V> change) {
    RecordBuffer buffer = withKey(key);
    boolean replaced = false;
    while (!replaced && records.get(buffer)) {
      fill(buffer, change.apply(form.fromBuffer(buffer)));
      replaced = records.replace(buffer, buffer.stamp());
      buffer.releaseValue();
    }
  }

  @Override
  public void forEach(Consumer<V> visitor) {
    RecordBuffer buffer = new RecordBuffer();
    RecordCursor cursor = records.cursor();
    while (cursor.next(buffer)) {
      visitor.accept(form.fromBuffer(buffer));
    }
  }

  @Override
  public void close() {
    book.close();
  }

  private void fill(RecordBuffer buffer, V value) {
    byte[] bytes = form.toBytes(value);
    buffer.wrapValue(bytes, bytes.length);
    buffer.setType(form.recordType());
    buffer.setExpiryMillis(RecordBuffer.NEVER);
  }

  private RecordBuffer withKey(long key) {
    RecordBuffer buffer = buffers.get();
    LONG.set(buffer.startKey(Long.BYTES), 0, key);
    return buffer;
  }
}
