package io.pagebook.jcache.spi;

/**
 * Turns values into bytes and back in place of Java serialisation. A cache whose configuration
 * names a codec finds it by {@link java.util.ServiceLoader}, through the class loader of its
 * manager: list the class in {@code META-INF/services/io.pagebook.jcache.spi.ValueCodec} or {@code
 * provides} it in the module descriptor. Each cache gets an object of its own, which is told about
 * the cache by {@link #open} before anything else; constructing it must be cheap, because looking
 * for a name constructs every codec that is there.
 *
 * <p>A codec is asked for values that the provider has no codec of its own for. Strings, {@code
 * byte[]}, boxed and big numbers, {@code UUID}, {@code Date} and {@code java.time} keep theirs
 * under every codec. Keys never come here: two keys are the same if their bytes are, and only the
 * provider can promise that equal keys have equal bytes.
 *
 * <p><b>Processes.</b> The book keeps the codec's name and version. A process that attaches with
 * another codec, or another version of it, is refused when it creates the cache.
 *
 * <p><b>Threads.</b> {@link #open} is called once and happens before all other calls; {@link
 * #encode} and {@link #decode} are called by many threads at once. A codec that keeps objects per
 * thread in a {@code ThreadLocal} would keep the manager's class loader alive: a pool in the codec
 * itself goes with the cache.
 *
 * <p><b>What a codec must not do.</b> Use a cache, since it runs inside an operation of one; wait
 * for another thread; keep or change the arrays and values that it is handed.
 *
 * <p><b>Bytes are hostile.</b> They come out of a file that other programs can write. A checksum
 * finds accidents, not intent: check every length before allocating, bound nesting, make only
 * objects that {@link CodecContext#isAllowed} allows.
 */
public interface ValueCodec {
  /**
   * What configurations call it: not {@code java}, which is Java serialisation, and the same in
   * every process.
   */
  String name();

  /**
   * The version of its bytes. It goes up when bytes of an earlier version cannot be read any more,
   * or not by earlier versions.
   */
  int version();

  /**
   * Tells the codec which cache it serves, before it is first used.
   *
   * @throws RuntimeException if it cannot serve that cache; creating the cache fails
   */
  void open(CodecContext context);

  /**
   * The bytes of a value.
   *
   * @param value not null; of the declared type, and of no class that the provider has a codec for
   * @return the bytes, which the codec leaves alone from then on; may be empty
   * @throws RuntimeException if the value cannot be written, or not be read back; the operation of
   *     the cache fails with it as the cause
   */
  byte[] encode(Object value);

  /**
   * The value of bytes that {@link #encode} returned, in whichever process, or that somebody else
   * put there.
   *
   * @param source holds the bytes among others
   * @param offset where they begin
   * @param length how many they are, 0 to 2<sup>31</sup>-1
   * @return a fresh value, not null, which shares nothing with {@code source} or with other values
   * @throws RuntimeException if the bytes make no value here: they are corrupt, or name a class
   *     that is missing, or is not allowed, or has changed. The record is then unreadable: absent
   *     to the cache, counted, logged once per message, and replaced by the next put
   */
  Object decode(byte[] source, int offset, int length);
}
