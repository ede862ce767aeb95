package io.pagebook.kryo;

import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.util.Pool;
import io.pagebook.jcache.spi.CodecContext;
import io.pagebook.jcache.spi.ValueCodec;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The value codec {@code kryo}: trees of records, plain objects and the usual collections of the
 * JDK, {@code Serializable} or not. Found by its name; applications need not touch this class.
 *
 * <p>An object that is reached twice is stored twice, and cycles are refused. What could not be
 * read back, or not in full, is refused when it is written: JDK classes that Kryo has no serialiser
 * for, collections without a constructor of no arguments or with fields of their own, lambdas,
 * proxies.
 *
 * <p>Each class stands in the bytes with a fingerprint of its fields: where the reader's class has
 * others, the record is unreadable rather than misread.
 */
/*
 * Kryo trusts its input and is not thread-safe, so
 * - a class is made, or initialised, only if the cache's rules permit it (RuledResolver);
 * - no length is believed that the bytes at hand cannot fill (BoundedInput), and nesting is bounded (RuledKryo);
 * - instances are pooled, here and not per thread, so that they go with the cache and keep no class loader alive; one that
 *   an error has left somewhere in the middle is dropped.
 */
public final class KryoCodec implements ValueCodec {
  private static final int MAX_POOLED = 16;

  static {
    UnsafeSwitch.off();
  }

  /** Set by {@link #open}, which happens before any use. */
  private @Nullable Pool<Worker> workers;

  /** Constructed by the service loader. */
  public KryoCodec() {}

  @Override
  public String name() {
    return "kryo";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void open(CodecContext context) {
    Pool<Worker> pool =
        new Pool<>(true, false, MAX_POOLED) {
          @Override
          protected Worker create() {
            return new Worker(context);
          }
        };
    pool.free(new Worker(context)); // fails here rather than on the first put
    workers = pool;
  }

  @Override
  public byte[] encode(Object value) {
    return use(worker -> worker.encode(value));
  }

  /**
   * {@inheritDoc}
   *
   * @throws KryoException if the bytes make no value under the rules of the cache
   */
  @Override
  public Object decode(byte[] source, int offset, int length) {
    return use(worker -> worker.decode(source, offset, length));
  }

  private <T> T use(Function<Worker, T> task) {
    Pool<Worker> pool = Objects.requireNonNull(workers, "codec is not open");
    Worker worker = pool.obtain();
    boolean reusable = true;
    try {
      return task.apply(worker);
    } catch (Error e) {
      reusable = false;
      throw e;
    } finally {
      if (reusable) {
        pool.free(worker);
      }
    }
  }
}
