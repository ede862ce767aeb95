package io.pagebook.kryo;

import io.pagebook.jcache.spi.CodecContext;
import java.util.function.Predicate;

/** A cache that allows what the predicate says. */
record TestContext(ClassLoader classLoader, Predicate<Class<?>> rules) implements CodecContext {
  /** Everything is allowed. */
  static final TestContext ANY = new TestContext(TestContext.class.getClassLoader(), type -> true);

  @Override
  public String cacheName() {
    return "test";
  }

  @Override
  public Class<?> valueType() {
    return Object.class;
  }

  @Override
  public boolean isAllowed(Class<?> type) {
    return rules.test(type);
  }

  /** An open codec. */
  KryoCodec codec() {
    KryoCodec codec = new KryoCodec();
    codec.open(this);
    return codec;
  }
}
