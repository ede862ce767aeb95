package io.pagebook.kryo;

import java.io.IOException;
import java.io.InputStream;

/** A class loader with an {@link Order} and its parts of its own, as each application has. */
final class OwnOrders extends ClassLoader {
  private static final String OWN = Order.class.getName();

  OwnOrders() {
    super(OwnOrders.class.getClassLoader());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OWN)) {
      return super.loadClass(name, resolve);
    }
    Class<?> own = findLoadedClass(name);
    return own == null ? define(name) : own;
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
      byte[] bytes = file.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
