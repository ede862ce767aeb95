package io.pagebook.jcache.codec;

import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.ValueType;
import io.pagebook.jcache.spi.ValueCodec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns the keys and values of one cache into bytes of a record and back. A key is an ID of the
 * book if it is an {@link Integer}, but for the two IDs that a book reserves; any other is the
 * number of its codec in one byte and the payload. A value's codec stands in the record's type. A
 * value codec of the application takes the place of Java serialisation for values, never for keys.
 * Thread-safe.
 */
public final class RecordCodec {
  private final SerialCodec serial;
  private final @Nullable ApplicationCodec application;

  /**
   * A codec for the objects of one cache.
   *
   * @param loader where classes of deserialised objects come from
   * @param rules which of them are let in
   * @param values the value codec of the application; null for Java serialisation
   */
  public RecordCodec(ClassLoader loader, ClassRules rules, @Nullable ValueCodec values) {
    serial = new SerialCodec(loader, rules);
    application = values == null ? null : new ApplicationCodec(values);
  }

  /**
   * Makes an object the key of a buffer.
   *
   * @throws javax.cache.CacheException if it cannot be serialised
   */
  public void encodeKey(Object key, RecordBuffer buffer) {
    if (key instanceof Integer id && !PageBook.isReserved(id)) {
      buffer.setId(id);
    } else if (key instanceof String string) {
      encodeKey(string, buffer);
    } else if (key instanceof Long number) {
      long bits = number;
      buffer.setKey(
          (bits << Byte.SIZE) | ProviderType.LONG,
          bits >>> (Long.SIZE - Byte.SIZE),
          1 + Long.BYTES);
    } else {
      encodeOtherKey(key, buffer);
    }
  }

  /**
   * The object that is a buffer's key.
   *
   * @throws UnreadableRecordException if its bytes do not make one
   */
  public Object decodeKey(RecordBuffer buffer) {
    if (buffer.keyIsId()) {
      return buffer.id();
    }
    if (buffer.keyLength() == 0) {
      throw new UnreadableRecordException("key without a codec", null);
    }
    byte[] source = buffer.key();
    return decode(source[0] & 0xFF, source, 1, buffer.keyLength() - 1);
  }

  /**
   * Makes an object the value of a buffer, and its codec the type.
   *
   * @throws javax.cache.CacheException if it cannot be serialised
   */
  public void encodeValue(Object value, RecordBuffer buffer) {
    if (value instanceof String string) {
      encodeValue(string, buffer);
    } else if (value instanceof byte[] bytes) {
      System.arraycopy(bytes, 0, buffer.startValue(bytes.length), 0, bytes.length);
      buffer.setType(ValueType.BYTES);
    } else if (value instanceof Long number) {
      Bits.setLong(buffer.startValue(Long.BYTES), 0, number);
      buffer.setType(ProviderType.LONG);
    } else if (value instanceof Integer number) {
      Bits.setInt(buffer.startValue(Integer.BYTES), 0, number);
      buffer.setType(ProviderType.INTEGER);
    } else {
      encodeOtherValue(value, buffer);
    }
  }

  /**
   * The object that is a buffer's value, never an alias of the buffer.
   *
   * @throws UnreadableRecordException if its bytes do not make one
   */
  public Object decodeValue(RecordBuffer buffer) {
    if (buffer.type() == ValueType.BYTES) {
      return buffer.takeValue();
    }
    if (buffer.type() == ProviderType.APPLICATION && application != null) {
      return application.decode(buffer.value(), 0, buffer.valueLength());
    }
    return decode(buffer.type(), buffer.value(), 0, buffer.valueLength());
  }

  /**
   * Whether a value of a type may turn out unreadable though nothing is damaged: its class may have
   * changed, be unknown, or not be allowed; a time zone, or the type itself, may not be known here.
   */
  public static boolean mayRefuse(int type) {
    return switch (type) {
      case ValueType.BYTES, ValueType.LATIN1_STRING, ValueType.UTF16_STRING -> false;
      case ProviderType.ZONED_DATE_TIME, ProviderType.ZONE_ID -> true;
      default -> ScalarCodecs.of(type) == null;
    };
  }

  /** Whether an object can be handed to anybody without a copy. */
  public static boolean isImmutable(Object object) {
    if (object instanceof String
        || object instanceof Long
        || object instanceof Integer
        || object instanceof Enum<?>) {
      return true;
    }
    ScalarCodec<?> codec = ScalarCodecs.of(object);
    return codec != null && codec.isImmutable();
  }

  private Object decode(int type, byte[] source, int index, int bytes) {
    return switch (type) {
      case ValueType.BYTES -> Arrays.copyOfRange(source, index, index + bytes);
      case ValueType.LATIN1_STRING -> Strings.readLatin1(source, index, bytes);
      case ValueType.UTF16_STRING -> Strings.readUtf16(source, index, bytes);
      case ProviderType.SERIALIZED -> serial.decode(source, index, bytes);
      default -> {
        ScalarCodec<?> codec = ScalarCodecs.of(type);
        if (codec == null) {
          throw new UnreadableRecordException("unknown codec: type=" + type, null);
        }
        yield codec.decode(source, index, bytes);
      }
    };
  }

  private static void encodeKey(String key, RecordBuffer buffer) {
    byte[] target = buffer.startKey(1 + key.length());
    target[0] = ValueType.LATIN1_STRING;
    if (!Strings.writeLatin1(key, target, 1)) {
      target = buffer.startKey(1 + Strings.utf16Bytes(key));
      target[0] = ValueType.UTF16_STRING;
      Strings.writeUtf16(key, target, 1);
    }
  }

  private void encodeOtherKey(Object key, RecordBuffer buffer) {
    ScalarCodec<?> codec = ScalarCodecs.of(key);
    if (codec != null) {
      byte[] payload = codec.encode(key);
      encodeKey(codec.type(), payload, payload.length, buffer);
    } else if (key instanceof byte[] bytes) {
      encodeKey(ValueType.BYTES, bytes, bytes.length, buffer);
    } else {
      ByteSink payload = serial.encode(key, true);
      encodeKey(ProviderType.SERIALIZED, payload.array(), payload.size(), buffer);
    }
  }

  private static void encodeKey(int type, byte[] payload, int bytes, RecordBuffer buffer) {
    byte[] target = buffer.startKey(1 + bytes);
    target[0] = (byte) type;
    System.arraycopy(payload, 0, target, 1, bytes);
  }

  private static void encodeValue(String value, RecordBuffer buffer) {
    buffer.setType(ValueType.LATIN1_STRING);
    if (!Strings.writeLatin1(value, buffer.startValue(value.length()), 0)) {
      Strings.writeUtf16(value, buffer.startValue(Strings.utf16Bytes(value)), 0);
      buffer.setType(ValueType.UTF16_STRING);
    }
  }

  private void encodeOtherValue(Object value, RecordBuffer buffer) {
    ScalarCodec<?> codec = ScalarCodecs.of(value);
    if (codec != null) {
      byte[] payload = codec.encode(value);
      System.arraycopy(payload, 0, buffer.startValue(payload.length), 0, payload.length);
      buffer.setType(codec.type());
    } else if (application != null) {
      byte[] payload = application.encode(value);
      buffer.wrapValue(payload, payload.length);
      buffer.setType(ProviderType.APPLICATION);
    } else {
      ByteSink payload = serial.encode(value, false);
      buffer.wrapValue(payload.array(), payload.size());
      buffer.setType(ProviderType.SERIALIZED);
    }
  }
}
