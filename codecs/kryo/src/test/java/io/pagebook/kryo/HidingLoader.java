package io.pagebook.kryo;

/** The class loader of an application that has not got one class. */
final class HidingLoader extends ClassLoader {
  private final String hidden;

  HidingLoader(Class<?> hidden) {
    super(HidingLoader.class.getClassLoader());
    this.hidden = hidden.getName();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.equals(hidden)) {
      throw new ClassNotFoundException(name);
    }
    return super.loadClass(name, resolve);
  }
}
