package io.pagebook.jcache.codec;

import io.pagebook.jcache.spi.CodecContext;
import io.pagebook.jcache.spi.ValueCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/** Finds the value codec that a configuration names. */
public final class ValueCodecs {
  /** The name of Java serialisation, which is no {@link ValueCodec}. */
  public static final String JAVA = "java";

  private ValueCodecs() {}

  /**
   * A codec of its own for one cache, open; null for Java serialisation.
   *
   * @param name what {@link ValueCodec#name()} says
   * @param loader where codecs and the classes of values come from
   * @param rules which classes are let in
   * @param cacheName the cache that it serves
   * @param valueType the class that the cache declares for its values
   * @throws CacheException if there is none of that name, or it refuses the cache
   */
  public static @Nullable ValueCodec open(
      String name, ClassLoader loader, ClassRules rules, String cacheName, Class<?> valueType) {
    if (name.equals(JAVA)) {
      return null;
    }
    ValueCodec codec = find(name, loader, cacheName);
    try {
      codec.open(new Context(cacheName, valueType, loader, rules));
    } catch (RuntimeException | LinkageError e) {
      throw new CacheException(
          "value codec cannot serve the cache: cache=" + cacheName + ", codec=" + name, e);
    }
    return codec;
  }

  /**
   * The names that a class loader's value codecs have, Java serialisation first.
   *
   * @throws CacheException if they cannot be loaded
   */
  public static List<String> names(ClassLoader loader) {
    List<String> names = new ArrayList<>(List.of(JAVA));
    load(loader).forEach(codec -> names.add(codec.name()));
    return names;
  }

  private static ValueCodec find(String name, ClassLoader loader, String cacheName) {
    for (ValueCodec codec : load(loader)) {
      if (name.equals(codec.name())) {
        return codec;
      }
    }
    throw new CacheException(
        "value codec is unknown: cache="
            + cacheName
            + ", codec="
            + name
            + ", known="
            + names(loader)
            + "; use one of them, or put the jar of another where the manager's class loader finds it");
  }

  private static List<ValueCodec> load(ClassLoader loader) {
    try {
      return ServiceLoader.load(ValueCodec.class, loader).stream()
          .map(ServiceLoader.Provider::get)
          .toList();
    } catch (ServiceConfigurationError e) {
      throw new CacheException("value codecs cannot be loaded: reason=" + e.getMessage(), e);
    }
  }

  private record Context(
      String cacheName, Class<?> valueType, ClassLoader classLoader, ClassRules rules)
      implements CodecContext {
    @Override
    public boolean isAllowed(Class<?> type) {
      return rules.permits(type);
    }
  }
}
