package io.pagebook.kryo;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32C;

/** What of a class decides how the bytes of its objects are read. */
final class ClassShape {
  private ClassShape() {}

  /** Whether a class comes with the JDK. */
  static boolean isJdk(Class<?> type) {
    ClassLoader loader = element(type).getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  /**
   * A fingerprint of the fields of a class, by name and type, or of the constants of an enum; for
   * an array, that of its elements. 0 for classes of the JDK, whose serialisers know them.
   */
  static int fingerprint(Class<?> type) {
    Class<?> element = element(type);
    if (isJdk(element)) {
      return 0;
    }
    List<String> parts = new ArrayList<>();
    if (element.isEnum()) {
      Arrays.stream(element.getFields())
          .filter(Field::isEnumConstant)
          .forEach(f -> parts.add(f.getName()));
    }
    for (Field field : fields(element)) {
      parts.add(
          field.getDeclaringClass().getName()
              + ' '
              + field.getName()
              + ' '
              + field.getType().getName());
    }
    Collections.sort(parts);
    CRC32C fingerprint = new CRC32C();
    fingerprint.update(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
    return (int) fingerprint.getValue();
  }

  /** The fields that make up an object, those of superclasses outside the JDK included. */
  static List<Field> fields(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> c = type; c != null && !isJdk(c); c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())
            && !Modifier.isTransient(field.getModifiers())) {
          fields.add(field);
        }
      }
    }
    return fields;
  }

  private static Class<?> element(Class<?> type) {
    Class<?> element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    return element;
  }
}
