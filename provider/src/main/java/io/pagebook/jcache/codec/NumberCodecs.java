package io.pagebook.jcache.codec;

import static io.pagebook.jcache.codec.ScalarCodec.fixed;
import static io.pagebook.jcache.codec.ScalarCodec.variable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** The codecs of boxed primitives, big numbers and {@link UUID}. */
final class NumberCodecs {
  static final List<ScalarCodec<?>> ALL =
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
              (v, b, i) ->
                  Bits.setLongs(b, i, v.getMostSignificantBits(), v.getLeastSignificantBits()),
              (b, i) -> new UUID(Bits.getLong(b, i), Bits.getLong(b, i + Long.BYTES))),
          variable(
              ProviderType.BIG_INTEGER,
              BigInteger.class,
              BigInteger::toByteArray,
              NumberCodecs::bigInteger),
          variable(
              ProviderType.BIG_DECIMAL,
              BigDecimal.class,
              NumberCodecs::bigDecimalBytes,
              NumberCodecs::bigDecimal));

  private NumberCodecs() {}

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
}
