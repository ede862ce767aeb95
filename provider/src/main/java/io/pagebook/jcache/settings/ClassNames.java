package io.pagebook.jcache.settings;

import io.pagebook.jcache.settings.xml.Attribute;
import java.util.Map;

/** Finds classes by the names that documents have for them. */
final class ClassNames {
  private static final String ARRAY = "[]";

  private static final Map<String, Class<?>> PRIMITIVES =
      Map.of(
          "boolean", boolean.class,
          "byte", byte.class,
          "char", char.class,
          "double", double.class,
          "float", float.class,
          "int", int.class,
          "long", long.class,
          "short", short.class);

  private ClassNames() {}

  /**
   * The class of a name, or of an array as in {@code byte[]}, without its initialisation.
   *
   * @throws javax.cache.CacheException if there is none, or it is primitive
   */
  static Class<?> load(Attribute attribute, ClassLoader loader) {
    String element = attribute.value();
    int dimensions = 0;
    while (element.endsWith(ARRAY)) {
      element = element.substring(0, element.length() - ARRAY.length());
      dimensions++;
    }
    Class<?> type = PRIMITIVES.get(element);
    try {
      if (type == null) {
        type = Class.forName(element, false, loader);
      } else if (dimensions == 0) {
        throw attribute.error(
            "class is primitive", "name a class, as java.lang.Integer, or an array");
      }
      for (int i = 0; i < dimensions; i++) {
        type = type.arrayType();
      }
      return type;
    } catch (ClassNotFoundException | LinkageError | UnsupportedOperationException e) {
      throw attribute.error(
          "class cannot be loaded",
          "correct its name, or put it on the class path of " + loader,
          e);
    } catch (IllegalArgumentException e) { // more than 255 dimensions
      throw attribute.error("class cannot be loaded", "use fewer dimensions", e);
    }
  }
}
