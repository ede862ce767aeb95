package io.pagebook.book;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Strings as record values: one byte a character where all fit, else their UTF-16 code units, so
 * that each string comes back as it was.
 */
final class StringValue {
  private static final VarHandle CHAR =
      MethodHandles.byteArrayViewVarHandle(char[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int MAX_LATIN1 = 0xFF;

  private StringValue() {}

  static void write(String value, RecordBuffer buffer) {
    int length = value.length();
    byte[] target = buffer.startValue(length);
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c > MAX_LATIN1) {
        writeUtf16(value, length, buffer);
        return;
      }
      target[i] = (byte) c;
    }
    buffer.setType(ValueType.LATIN1_STRING);
  }

  private static void writeUtf16(String value, int length, RecordBuffer buffer) {
    if (length > Integer.MAX_VALUE / Character.BYTES) {
      throw new BookException.TooLarge(
          "the string is too long: characters="
              + length
              + ", most="
              + Integer.MAX_VALUE / Character.BYTES);
    }
    byte[] target = buffer.startValue(length * Character.BYTES);
    for (int i = 0; i < length; i++) {
      CHAR.set(target, i * Character.BYTES, value.charAt(i));
    }
    buffer.setType(ValueType.UTF16_STRING);
  }

  static String read(RecordBuffer buffer) {
    return switch (buffer.type()) {
      case ValueType.LATIN1_STRING ->
          new String(buffer.value(), 0, buffer.valueLength(), StandardCharsets.ISO_8859_1);
      case ValueType.UTF16_STRING -> readUtf16(buffer);
      default ->
          throw new IllegalStateException(
              "the value is not a string: type="
                  + buffer.type()
                  + ", bytes="
                  + buffer.valueLength());
    };
  }

  private static String readUtf16(RecordBuffer buffer) {
    char[] chars = new char[buffer.valueLength() / Character.BYTES];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = (char) CHAR.get(buffer.value(), i * Character.BYTES);
    }
    return new String(chars);
  }

  /** The length in characters, or -1 if the value is not a string. */
  static int length(RecordBuffer buffer) {
    return switch (buffer.type()) {
      case ValueType.LATIN1_STRING -> buffer.valueLength();
      case ValueType.UTF16_STRING -> buffer.valueLength() / Character.BYTES;
      default -> -1;
    };
  }
}
