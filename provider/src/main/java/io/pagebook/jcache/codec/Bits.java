package io.pagebook.jcache.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Little-endian numbers in byte arrays. */
final class Bits {
  private static final VarHandle LONG = handle(long[].class);
  private static final VarHandle INT = handle(int[].class);
  private static final VarHandle CHAR = handle(char[].class);

  private Bits() {}

  static void setLong(byte[] target, int index, long value) {
    LONG.set(target, index, value);
  }

  static long getLong(byte[] source, int index) {
    return (long) LONG.get(source, index);
  }

  /** Two numbers, one behind the other. */
  static void setLongs(byte[] target, int index, long first, long second) {
    setLong(target, index, first);
    setLong(target, index + Long.BYTES, second);
  }

  static void setInt(byte[] target, int index, int value) {
    INT.set(target, index, value);
  }

  static int getInt(byte[] source, int index) {
    return (int) INT.get(source, index);
  }

  static void setChar(byte[] target, int index, char value) {
    CHAR.set(target, index, value);
  }

  static char getChar(byte[] source, int index) {
    return (char) CHAR.get(source, index);
  }

  private static VarHandle handle(Class<?> arrayType) {
    return MethodHandles.byteArrayViewVarHandle(arrayType, ByteOrder.LITTLE_ENDIAN);
  }
}
