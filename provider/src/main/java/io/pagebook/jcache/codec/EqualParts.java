package io.pagebook.jcache.codec;

import java.io.ByteArrayOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The plain values within a key that is being serialised, of which equal ones are written as one.
 * For one thread and one key.
 */
final class EqualParts {
  private final Map<Object, Object> parts = new HashMap<>();

  /** The first of the plain values that equal an object; the object if it is none. */
  Object firstEqual(Object object) throws IOException {
    Object first = null;
    if (isTime(object)) {
      first = parts.putIfAbsent(externalBytes((Externalizable) object), object);
    } else if (isPlainValue(object)) {
      first = parts.putIfAbsent(object, object);
    }
    return first == null ? object : first;
  }

  /** Whether an object is what stands for a value of {@code java.time} in a stream. */
  static boolean isTime(Object object) {
    return object instanceof Externalizable && object.getClass().getName().equals("java.time.Ser");
  }

  /** What tells such an object from others: it has no equality of its own. */
  private static ByteBuffer externalBytes(Externalizable object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
      object.writeExternal(output);
    }
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  private static boolean isPlainValue(Object object) {
    return object instanceof String
        || object instanceof Integer
        || object instanceof Long
        || object instanceof Double
        || object instanceof Float
        || object instanceof Short
        || object instanceof Byte
        || object instanceof Character
        || object instanceof Boolean
        || object instanceof UUID
        || object.getClass() == BigInteger.class
        || object.getClass() == BigDecimal.class;
  }
}
