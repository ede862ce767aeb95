package io.pagebook.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.ValueType;
import org.jspecify.annotations.Nullable;

/** Strings, which those who store bytes take as ISO-8859-1. */
final class TextForm implements ValueForm<String> {
  @Override
  public Class<String> type() {
    return String.class;
  }

  @Override
  public String of(String text) {
    return text;
  }

  @Override
  public byte[] toBytes(String value) {
    return value.getBytes(ISO_8859_1);
  }

  @Override
  public String fromBytes(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  @Override
  public boolean equal(String one, String other) {
    return one.equals(other);
  }

  @Override
  public String turned(String value) {
    return value.substring(1) + value.charAt(0);
  }

  @Override
  public int recordType() {
    return ValueType.LATIN1_STRING;
  }

  @Override
  public String fromBuffer(RecordBuffer buffer) {
    return new String(buffer.value(), 0, buffer.valueLength(), ISO_8859_1);
  }

  @Override
  public @Nullable String read(PageBook book, int id) {
    return book.getString(id);
  }

  @Override
  public void write(PageBook book, int id, String value) {
    book.putString(id, value);
  }
}
