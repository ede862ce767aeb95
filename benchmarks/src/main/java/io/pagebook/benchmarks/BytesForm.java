package io.pagebook.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.ValueType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Byte arrays. */
final class BytesForm implements ValueForm<byte[]> {
  @Override
  public Class<byte[]> type() {
    return byte[].class;
  }

  @Override
  public byte[] of(String text) {
    return text.getBytes(ISO_8859_1);
  }

  @Override
  public byte[] toBytes(byte[] value) {
    return value;
  }

  @Override
  public byte[] fromBytes(byte[] bytes) {
    return bytes;
  }

  @Override
  public boolean equal(byte[] one, byte[] other) {
    return Arrays.equals(one, other);
  }

  @Override
  public byte[] turned(byte[] value) {
    byte[] turned = new byte[value.length];
    System.arraycopy(value, 1, turned, 0, value.length - 1);
    turned[value.length - 1] = value[0];
    return turned;
  }

  @Override
  public int recordType() {
    return ValueType.BYTES;
  }

  @Override
  public byte[] fromBuffer(RecordBuffer buffer) {
    return buffer.takeValue();
  }

  @Override
  public byte @Nullable [] read(PageBook book, int id) {
    return book.getBytes(id);
  }

  @Override
  public void write(PageBook book, int id, byte[] value) {
    book.putBytes(id, value);
  }
}
