package io.pagebook.jcache.settings;

import io.pagebook.jcache.settings.xml.Attribute;
import io.pagebook.jcache.settings.xml.Location;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import javax.cache.CacheException;
import javax.cache.configuration.Factory;

/**
 * Makes the object that a document names by its class: one of that class, or what the class makes
 * if it is a {@link Factory}.
 *
 * @param product what the object must be
 * @param type the class that the document names
 * @param location where it does
 * @param <T> what the object must be
 */
record ConfiguredFactory<T>(Class<?> product, Class<?> type, Location location)
    implements Factory<T> {
  private static final long serialVersionUID = 1L;

  /**
   * The factory for a class that a document names.
   *
   * @param product what it must be, or make
   * @throws CacheException if there is no such class, or it is none of these, or cannot be made
   */
  static <T> Factory<T> of(Attribute attribute, Class<?> product, ClassLoader loader) {
    Class<?> type = ClassNames.load(attribute, loader);
    if (!product.isAssignableFrom(type) && !Factory.class.isAssignableFrom(type)) {
      throw attribute.error(
          "class is of the wrong type",
          "name one that implements " + product.getName() + ", or a Factory of it");
    }
    if (!hasPublicConstructor(type)) {
      throw attribute.error(
          "class cannot be instantiated",
          "make it public, not abstract, with a public constructor that has no parameters");
    }
    return new ConfiguredFactory<>(product, type, attribute.location());
  }

  private static boolean hasPublicConstructor(Class<?> type) {
    try {
      return Modifier.isPublic(type.getModifiers())
          && !Modifier.isAbstract(type.getModifiers())
          && Arrays.stream(type.getConstructors()).anyMatch(c -> c.getParameterCount() == 0);
    } catch (LinkageError e) { // a class in a signature is missing
      return false;
    }
  }

  @Override
  @SuppressWarnings("unchecked") // as far as a class tells, and type arguments are not there
  public T create() {
    Object object = instance();
    if (!product.isInstance(object) && object instanceof Factory<?> factory) {
      object = factory.create();
    }
    if (!product.isInstance(object)) {
      throw location.error(
          "factory makes an object of the wrong type: class="
              + type.getName()
              + ", product="
              + (object == null ? "null" : object.getClass().getName()),
          "let it make a " + product.getName());
    }
    return (T) product.cast(object);
  }

  private Object instance() {
    try {
      return type.getConstructor().newInstance();
    } catch (InvocationTargetException e) {
      throw failed(e.getCause() == null ? e : e.getCause());
    } catch (ReflectiveOperationException | LinkageError e) {
      throw failed(e);
    }
  }

  private CacheException failed(Throwable cause) {
    return location.error(
        "object cannot be made: class=" + type.getName() + ", reason=" + cause,
        "let its constructor succeed, and its module export its package",
        cause);
  }
}
