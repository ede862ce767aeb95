package io.pagebook.jcache.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one class of the JDK, exactly that class and no subclass.
 *
 * @param <T> the class
 */
final class ScalarCodec<T> {
  private static final int VARIABLE = -1;

  private static final List<ScalarCodec<?>> ALL =
      List.of(
          fixed(
              ProviderType.INTEGER,
              Integer.class,
              Integer.BYTES,
              (v, b, i) -> Bits.setInt(b, i, v),
              Bits::getInt),
          fixed(
              ProviderType.LONG,
              Long.class,
              Long.BYTES,
              (v, b, i) -> Bits.setLong(b, i, v),
              Bits::getLong),
          fixed(
              ProviderType.SHORT,
              Short.class,
              Short.BYTES,
              (v, b, i) -> Bits.setChar(b, i, (char) v.shortValue()),
              (b, i) -> (short) Bits.getChar(b, i)),
          fixed(ProviderType.BYTE, Byte.class, 1, (v, b, i) -> b[i] = v, (b, i) -> b[i]),
          fixed(
              ProviderType.CHARACTER,
              Character.class,
              Character.BYTES,
              (v, b, i) -> Bits.setChar(b, i, v),
              Bits::getChar),
          fixed(
              ProviderType.BOOLEAN,
              Boolean.class,
              1,
              (v, b, i) -> b[i] = (byte) (v ? 1 : 0),
              (b, i) -> b[i] != 0),
          fixed(
              ProviderType.FLOAT,
              Float.class,
              Float.BYTES,
              (v, b, i) -> Bits.setInt(b, i, Float.floatToIntBits(v)),
              (b, i) -> Float.intBitsToFloat(Bits.getInt(b, i))),
          fixed(
              ProviderType.DOUBLE,
              Double.class,
              Double.BYTES,
              (v, b, i) -> Bits.setLong(b, i, Double.doubleToLongBits(v)),
              (b, i) -> Double.longBitsToDouble(Bits.getLong(b, i))),
          fixed(
              ProviderType.UUID,
              UUID.class,
              2 * Long.BYTES,
              (v, b, i) -> setLongs(b, i, v.getMostSignificantBits(), v.getLeastSignificantBits()),
              (b, i) -> new UUID(Bits.getLong(b, i), Bits.getLong(b, i + Long.BYTES))),
          fixed(
              ProviderType.INSTANT,
              Instant.class,
              2 * Long.BYTES,
              (v, b, i) -> setLongs(b, i, v.getEpochSecond(), v.getNano()),
              (b, i) -> Instant.ofEpochSecond(Bits.getLong(b, i), Bits.getLong(b, i + Long.BYTES))),
          fixed(
              ProviderType.LOCAL_DATE,
              LocalDate.class,
              Long.BYTES,
              (v, b, i) -> Bits.setLong(b, i, v.toEpochDay()),
              (b, i) -> LocalDate.ofEpochDay(Bits.getLong(b, i))),
          fixed(
              ProviderType.LOCAL_TIME,
              LocalTime.class,
              Long.BYTES,
              (v, b, i) -> Bits.setLong(b, i, v.toNanoOfDay()),
              (b, i) -> LocalTime.ofNanoOfDay(Bits.getLong(b, i))),
          fixed(
              ProviderType.LOCAL_DATE_TIME,
              LocalDateTime.class,
              2 * Long.BYTES,
              (v, b, i) ->
                  setLongs(b, i, v.toLocalDate().toEpochDay(), v.toLocalTime().toNanoOfDay()),
              (b, i) ->
                  LocalDateTime.of(
                      LocalDate.ofEpochDay(Bits.getLong(b, i)),
                      LocalTime.ofNanoOfDay(Bits.getLong(b, i + Long.BYTES)))),
          fixed(
              ProviderType.DURATION,
              Duration.class,
              2 * Long.BYTES,
              (v, b, i) -> setLongs(b, i, v.getSeconds(), v.getNano()),
              (b, i) -> Duration.ofSeconds(Bits.getLong(b, i), Bits.getLong(b, i + Long.BYTES))),
          fixed(ProviderType.DATE, Date.class, Long.BYTES, ScalarCodec::setDate, ScalarCodec::date),
          new ScalarCodec<>(
              ProviderType.BIG_INTEGER,
              BigInteger.class,
              VARIABLE,
              BigInteger::toByteArray,
              ScalarCodec::bigInteger),
          new ScalarCodec<>(
              ProviderType.BIG_DECIMAL,
              BigDecimal.class,
              VARIABLE,
              ScalarCodec::bigDecimalBytes,
              ScalarCodec::bigDecimal));

  private static final Map<Class<?>, ScalarCodec<?>> BY_CLASS = byClass();
  private static final @Nullable ScalarCodec<?>[] BY_TYPE = byType();

  private final int type;
  private final Class<T> javaClass;
  private final int fixedBytes;
  private final Encoder<T> encoder;
  private final Decoder<T> decoder;

  private ScalarCodec(
      int type, Class<T> javaClass, int fixedBytes, Encoder<T> encoder, Decoder<T> decoder) {
    this.type = type;
    this.javaClass = javaClass;
    this.fixedBytes = fixedBytes;
    this.encoder = encoder;
    this.decoder = decoder;
  }

  /** The codec of an object's class, or null. */
  static @Nullable ScalarCodec<?> of(Object value) {
    return BY_CLASS.get(value.getClass());
  }

  /** The codec of a number in a book, or null. */
  static @Nullable ScalarCodec<?> of(int type) {
    return type < BY_TYPE.length ? BY_TYPE[type] : null;
  }

  int type() {
    return type;
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

  private static <T> ScalarCodec<T> fixed(
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

  private static Map<Class<?>, ScalarCodec<?>> byClass() {
    Map<Class<?>, ScalarCodec<?>> codecs = new HashMap<>();
    ALL.forEach(codec -> codecs.put(codec.javaClass, codec));
    return codecs;
  }

  private static @Nullable ScalarCodec<?>[] byType() {
    @Nullable ScalarCodec<?>[] codecs = new ScalarCodec<?>[ProviderType.DATE + 1];
    ALL.forEach(codec -> codecs[codec.type] = codec);
    return codecs;
  }

  private static void setLongs(byte[] target, int index, long first, long second) {
    Bits.setLong(target, index, first);
    Bits.setLong(target, index + Long.BYTES, second);
  }

  @SuppressWarnings("JavaUtilDate") // applications still cache them
  private static void setDate(Date value, byte[] target, int index) {
    Bits.setLong(target, index, value.getTime());
  }

  @SuppressWarnings("JavaUtilDate")
  private static Date date(byte[] source, int index) {
    return new Date(Bits.getLong(source, index));
  }

  private static BigInteger bigInteger(byte[] source, int index, int bytes) {
    if (bytes == 0) {
      throw new NumberFormatException("no digits");
    }
    return new BigInteger(source, index, bytes);
  }

  private static byte[] bigDecimalBytes(BigDecimal value) {
    byte[] unscaled = value.unscaledValue().toByteArray();
    byte[] target = new byte[Integer.BYTES + unscaled.length];
    Bits.setInt(target, 0, value.scale());
    System.arraycopy(unscaled, 0, target, Integer.BYTES, unscaled.length);
    return target;
  }

  private static BigDecimal bigDecimal(byte[] source, int index, int bytes) {
    if (bytes <= Integer.BYTES) {
      throw new NumberFormatException("no digits");
    }
    byte[] unscaled = Arrays.copyOfRange(source, index + Integer.BYTES, index + bytes);
    return new BigDecimal(new BigInteger(unscaled), Bits.getInt(source, index));
  }

  private interface Encoder<T> {
    byte[] encode(T value);
  }

  private interface Decoder<T> {
    T decode(byte[] source, int index, int bytes);
  }

  private interface FixedEncoder<T> {
    void write(T value, byte[] target, int index);
  }

  private interface FixedDecoder<T> {
    T read(byte[] source, int index);
  }
}
