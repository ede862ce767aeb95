package io.pagebook.jcache.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.util.Set;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Java serialisation with classes from one class loader and under the rules of one cache, which are
 * asked on both sides: what could not be read back is refused when it is written. Thread-safe.
 */
final class SerialCodec {
  /** Nothing sensible nests deeper; a stack holds several times as much. */
  private static final int MAX_DEPTH = 256;

  private static final int MAX_REFERENCES = 1 << 24;

  /** What a table of a collection may be longer than the bytes of its elements. */
  private static final int ARRAY_SLACK = 1024;

  /** What no class loader finds by name. */
  private static final Set<String> PRIMITIVES =
      Set.of("boolean", "byte", "char", "double", "float", "int", "long", "short", "void");

  private final ClassLoader loader;
  private final ClassRules rules;

  SerialCodec(ClassLoader loader, ClassRules rules) {
    this.loader = loader;
    this.rules = rules;
  }

  /**
   * The bytes of an object.
   *
   * @param canonical whether equal strings, boxed numbers and the like within the object are
   *     written as one, so that the bytes do not tell which of them were the same instance
   * @throws CacheException if the object cannot be serialised, or not read back
   */
  ByteSink encode(Object value, boolean canonical) {
    ByteSink sink = new ByteSink();
    try (RuledOutput output = new RuledOutput(sink, canonical)) {
      output.write(value);
    } catch (IOException e) {
      throw new CacheException(
          "object cannot be serialised: class="
              + value.getClass().getName()
              + ", reason="
              + e
              + "; a cache stores by value, so keys and values must be Serializable",
          e);
    }
    return sink;
  }

  Object decode(byte[] source, int index, int bytes) {
    InputStream input = new ByteArrayInputStream(source, index, bytes);
    try (ObjectInputStream objects = new LoaderInput(input, bytes)) {
      Object value = objects.readObject();
      if (value == null) {
        throw new UnreadableRecordException("serialised null", null);
      }
      return value;
    } catch (IOException
        | ClassNotFoundException
        | RuntimeException
        | LinkageError
        | StackOverflowError e) {
      if (e instanceof UnreadableRecordException unreadable) {
        throw unreadable;
      }
      throw new UnreadableRecordException("object cannot be deserialised: reason=" + e, e);
    }
  }

  private final class RuledOutput extends ObjectOutputStream {
    private final @Nullable EqualParts parts;
    private @Nullable InvalidClassException refusal;

    RuledOutput(OutputStream output, boolean canonical) throws IOException {
      super(output);
      parts = canonical ? new EqualParts() : null;
      if (canonical) {
        enableReplaceObject(true);
      }
    }

    void write(Object value) throws IOException {
      try {
        writeObject(value);
      } catch (IOException e) {
        // the stream tries to write an exception down, and complains about that one's class
        throw refusal == null ? e : refusal;
      }
    }

    @Override
    protected void annotateClass(Class<?> type) throws IOException {
      if (!rules.permits(type)) {
        InvalidClassException refused =
            new InvalidClassException(
                type.getName(),
                "class is not allowed in a shared book; name it, or a package pattern, in the"
                    + " property io.pagebook.jcache.allow, or with <allow class=\"...\"/> in the"
                    + " manager's XML document");
        refusal = refusal == null ? refused : refusal;
        throw refused;
      }
    }

    @Override
    protected void annotateProxyClass(Class<?> type) throws IOException {
      InvalidClassException refused =
          new InvalidClassException(type.getName(), "dynamic proxies are not stored");
      refusal = refusal == null ? refused : refusal;
      throw refused;
    }

    @Override
    protected @Nullable Object replaceObject(@Nullable Object object) throws IOException {
      return parts == null || object == null ? object : parts.firstEqual(object);
    }
  }

  private final class LoaderInput extends ObjectInputStream {
    private final CollectionNesting nesting = new CollectionNesting();

    LoaderInput(InputStream input, int bytes) throws IOException {
      super(input);
      if (!rules.permitsAll()) {
        ObjectInputFilter general = getObjectInputFilter();
        setObjectInputFilter(info -> judge(info, bytes, general));
        enableResolveObject(true);
      }
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      return PRIMITIVES.contains(description.getName())
          ? super.resolveClass(description)
          : Class.forName(description.getName(), false, loader);
    }

    @Override
    protected @Nullable Object resolveObject(@Nullable Object object) throws IOException {
      nesting.check(object);
      return object;
    }

    @Override
    protected Class<?> resolveProxyClass(String[] interfaces)
        throws IOException, ClassNotFoundException {
      throw new ClassNotFoundException("dynamic proxies are not stored");
    }
  }

  private ObjectInputFilter.Status judge(
      ObjectInputFilter.FilterInfo info, int bytes, @Nullable ObjectInputFilter general) {
    if (general != null && general.checkInput(info) == ObjectInputFilter.Status.REJECTED) {
      return ObjectInputFilter.Status.REJECTED;
    }
    Class<?> type = info.serialClass();
    boolean excessive =
        info.depth() > MAX_DEPTH
            || info.references() > MAX_REFERENCES
            || info.arrayLength() > 2L * bytes + ARRAY_SLACK
            || info.streamBytes() > bytes;
    return excessive || (type != null && !rules.permits(type))
        ? ObjectInputFilter.Status.REJECTED
        : ObjectInputFilter.Status.ALLOWED;
  }
}
