package io.pagebook.jcache.codec;

import java.time.DateTimeException;

/**
 * The bytes of one class of the JDK, exactly that class and no subclass: equal objects have equal
 * bytes. {@link ScalarCodecs} has all of them.
 *
 * @param <T> the class, or a public type of it
 */
final class ScalarCodec<T> {
  private static final int VARIABLE = -1;

  private final int type;
  private final Class<? extends T> javaClass;
  private final int fixedBytes;
  private final Encoder<T> encoder;
  private final Decoder<T> decoder;

  private ScalarCodec(
      int type,
      Class<? extends T> javaClass,
      int fixedBytes,
      Encoder<T> encoder,
      Decoder<T> decoder) {
    this.type = type;
    this.javaClass = javaClass;
    this.fixedBytes = fixedBytes;
    this.encoder = encoder;
    this.decoder = decoder;
  }

  /** A codec of payloads that all have the same length. */
  static <T> ScalarCodec<T> fixed(
      int type, Class<T> javaClass, int bytes, FixedEncoder<T> encoder, FixedDecoder<T> decoder) {
    return new ScalarCodec<>(
        type,
        javaClass,
        bytes,
        value -> {
          byte[] target = new byte[bytes];
          encoder.write(value, target, 0);
          return target;
        },
        (source, index, length) -> decoder.read(source, index));
  }

  /** A codec of payloads of any length. */
  static <T> ScalarCodec<T> variable(
      int type, Class<? extends T> javaClass, Encoder<T> encoder, Decoder<T> decoder) {
    return new ScalarCodec<>(type, javaClass, VARIABLE, encoder, decoder);
  }

  int type() {
    return type;
  }

  Class<?> javaClass() {
    return javaClass;
  }

  /** Whether nobody can change an object of the class. */
  boolean isImmutable() {
    return type != ProviderType.DATE;
  }

  /** The payload of an object of this codec's class. */
  byte[] encode(Object value) {
    return encoder.encode(javaClass.cast(value));
  }

  /** The object of a payload that came out of a file: hostile until proven otherwise. */
  T decode(byte[] source, int index, int bytes) {
    if (fixedBytes != VARIABLE && bytes != fixedBytes) {
      throw new UnreadableRecordException(
          "wrong length: class=" + javaClass.getName() + ", bytes=" + bytes, null);
    }
    try {
      return decoder.decode(source, index, bytes);
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw new UnreadableRecordException("no value of its class: class=" + javaClass.getName(), e);
    }
  }

  interface Encoder<T> {
    byte[] encode(T value);
  }

  interface Decoder<T> {
    T decode(byte[] source, int index, int bytes);
  }

  interface FixedEncoder<T> {
    void write(T value, byte[] target, int index);
  }

  interface FixedDecoder<T> {
    T read(byte[] source, int index);
  }
}
