package io.pagebook.kryo;

import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.objenesis.instantiator.ObjectInstantiator;
import com.esotericsoftware.kryo.kryo5.objenesis.strategy.InstantiatorStrategy;
import com.esotericsoftware.kryo.kryo5.objenesis.strategy.StdInstantiatorStrategy;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * Makes objects by their constructor of no arguments, whatever its access; without a constructor
 * where there is none, as Java serialisation does. Unlike Kryo's own strategy it generates no
 * classes.
 */
final class Instantiators implements InstantiatorStrategy {
  private final StdInstantiatorStrategy without = new StdInstantiatorStrategy();

  /** Whether objects of a class can be made by a constructor. */
  static boolean hasConstructor(Class<?> type) {
    return constructor(type) != null;
  }

  @Override
  public <T> ObjectInstantiator<T> newInstantiatorOf(Class<T> type) {
    Constructor<T> constructor = constructor(type);
    if (constructor == null) {
      return without.newInstantiatorOf(type);
    }
    return () -> {
      try {
        return constructor.newInstance();
      } catch (ReflectiveOperationException e) {
        throw new KryoException("object cannot be made: class=" + type.getName(), e);
      }
    };
  }

  private static <T> @Nullable Constructor<T> constructor(Class<T> type) {
    if (Modifier.isAbstract(type.getModifiers())) {
      return null;
    }
    try {
      Constructor<T> constructor = type.getDeclaredConstructor();
      boolean open =
          Modifier.isPublic(constructor.getModifiers()) && Modifier.isPublic(type.getModifiers());
      return open || (!ClassShape.isJdk(type) && constructor.trySetAccessible())
          ? constructor
          : null;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }
}
