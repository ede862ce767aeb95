package io.pagebook.jcache.codec;

import io.pagebook.jcache.spi.ValueCodec;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * A value codec of the application, its failures turned into those of the provider.
 *
 * @param codec the codec, open
 */
/*
 * Errors that the bytes or the classes cause are caught as well: recursion too deep, a class that does not link. The
 * virtual machine's own, above all OutOfMemoryError, are not.
 */
record ApplicationCodec(ValueCodec codec) {
  /**
   * The bytes of a value.
   *
   * @throws CacheException if the codec cannot write it
   */
  byte[] encode(Object value) {
    byte[] bytes;
    try {
      bytes = codec.encode(value);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      throw refused(value, e.toString(), e);
    }
    if (bytes == null) {
      throw refused(value, "the codec returned null", null);
    }
    return bytes;
  }

  Object decode(byte[] source, int index, int bytes) {
    Object value;
    try {
      value = codec.decode(source, index, bytes);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      throw new UnreadableRecordException(
          "value cannot be decoded: codec=" + codec.name() + ", reason=" + e, e);
    }
    if (value == null) {
      throw new UnreadableRecordException("null was decoded: codec=" + codec.name(), null);
    }
    return value;
  }

  private CacheException refused(Object value, String reason, @Nullable Throwable cause) {
    return new CacheException(
        "value cannot be encoded: class="
            + value.getClass().getName()
            + ", codec="
            + codec.name()
            + ", reason="
            + reason,
        cause);
  }
}
