package io.pagebook.benchmarks;

import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.RecordStore;
import io.pagebook.book.ValueType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The record store under the key-value store: eight-byte keys, one buffer per thread, no codec but
 * Latin-1.
 */
final class RecordBookStore implements Store {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final PageBook book;
  private final RecordStore records;
  private final ThreadLocal<RecordBuffer> buffers = ThreadLocal.withInitial(RecordBuffer::new);

  RecordBookStore(Path directory) {
    book = PageBook.open(PageBookStore.file(directory));
    records = book.records();
  }

  @Override
  public @Nullable String get(long key) {
    RecordBuffer buffer = withKey(key);
    return records.get(buffer)
        ? new String(buffer.value(), 0, buffer.valueLength(), StandardCharsets.ISO_8859_1)
        : null;
  }

  @Override
  public void put(long key, String value) {
    RecordBuffer buffer = withKey(key);
    byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
    buffer.wrapValue(bytes, bytes.length);
    buffer.setType(ValueType.LATIN1_STRING);
    buffer.setExpiryMillis(RecordBuffer.NEVER);
    records.put(buffer);
  }

  @Override
  public void close() {
    book.close();
  }

  private RecordBuffer withKey(long key) {
    RecordBuffer buffer = buffers.get();
    LONG.set(buffer.startKey(Long.BYTES), 0, key);
    return buffer;
  }
}
