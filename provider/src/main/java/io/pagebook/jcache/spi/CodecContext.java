package io.pagebook.jcache.spi;

/** The cache that a {@link ValueCodec} serves. Immutable and thread-safe. */
public interface CodecContext {
  /** The cache's name, for messages. */
  String cacheName();

  /** The class that the cache declares for its values; {@code Object} if it declares none. */
  Class<?> valueType();

  /**
   * The manager's class loader: where classes that a value names come from, and nowhere else. A
   * cache of another manager may know other classes under the same names.
   */
  ClassLoader classLoader();

  /**
   * Whether objects of a class may be made from what stands in the book: value types and
   * collections of the JDK, the declared types and the classes that their fields name, and what the
   * configuration allows. Never initialises the class.
   *
   * <p>A codec whose bytes name classes asks this before it makes or initialises one, and again
   * when it writes, so that a class that is not allowed is an error on {@code put} rather than a
   * record that nobody can read.
   */
  boolean isAllowed(Class<?> type);
}
