package io.pagebook.jcache.codec;

import io.pagebook.book.BookException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.util.Set;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Java serialisation with classes from one class loader and under the rules of one cache, which are
 * asked on both sides: what could not be read back is refused when it is written. Thread-safe.
 */
final class SerialCodec {
  /** What no class loader finds by name. */
  private static final Set<String> PRIMITIVES =
      Set.of("boolean", "byte", "char", "double", "float", "int", "long", "short", "void");

  private final ClassLoader loader;
  private final ClassRules rules;

  /** Whether the loader's class of the name is that class. */
  private final ClassValue<Boolean> found =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          try {
            return Class.forName(type.getName(), false, loader) == type;
          } catch (ClassNotFoundException | LinkageError e) {
            return false;
          }
        }
      };

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
    boolean doubtful;
    try (RuledOutput output = new RuledOutput(sink, canonical)) {
      doubtful = output.write(value);
    } catch (BookException e) {
      throw e; // of another cache, which an object uses
    } catch (IOException | RuntimeException | LinkageError | StackOverflowError e) {
      throw new CacheException(
          "object cannot be serialised: class="
              + value.getClass().getName()
              + ", reason="
              + e
              + "; a cache stores by value, so keys and values must be Serializable",
          e);
    }
    if (doubtful) {
      readBack(value.getClass(), sink);
    }
    return sink;
  }

  private void readBack(Class<?> type, ByteSink sink) {
    try {
      decode(sink.array(), 0, sink.size());
    } catch (UnreadableRecordException e) {
      throw new CacheException(
          "object could not be read back: class="
              + type.getName()
              + ", maxDepth="
              + ReadLimits.MAX_DEPTH
              + ", maxCollectionLevels="
              + ReadLimits.MAX_COLLECTION_LEVELS
              + ", reason="
              + e.getMessage()
              + "; store it in smaller or flatter parts",
          e);
    }
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
    private final ByteSink sink;
    private final @Nullable EqualParts parts;
    private final @Nullable ReadLimits limits;
    private @Nullable ObjectStreamException refusal;

    RuledOutput(ByteSink sink, boolean canonical) throws IOException {
      super(sink);
      this.sink = sink;
      parts = canonical ? new EqualParts() : null;
      limits = rules.permitsAll() ? null : new ReadLimits();
      if (parts != null || limits != null) {
        enableReplaceObject(true);
      }
    }

    /** Writes an object, and tells whether it has to be read to know that it can be. */
    boolean write(Object value) throws IOException {
      try {
        writeObject(value);
        flush();
      } catch (IOException e) {
        // the stream tries to write an exception down, and complains about that one's class
        throw refusal == null ? e : refusal;
      }
      return limits != null && limits.mayBeExceeded(sink.size());
    }

    @Override
    protected void annotateClass(Class<?> type) throws IOException {
      if (!rules.permits(type)) {
        throw refused(
            new InvalidClassException(
                type.getName(),
                "class is not allowed in a shared book; name it, or a package pattern, in the"
                    + " property io.pagebook.jcache.allow, or with <allow class=\"...\"/> in the"
                    + " manager's XML document"));
      }
      if (type.getClassLoader() != null && !found.get(type)) {
        throw refused(
            new InvalidClassException(
                type.getName(),
                "class is not what the manager's class loader finds by this name: loader="
                    + loader
                    + "; get the manager with a class loader that finds it"));
      }
    }

    @Override
    protected void annotateProxyClass(Class<?> type) throws IOException {
      throw refused(new InvalidClassException(type.getName(), "dynamic proxies are not stored"));
    }

    @Override
    protected @Nullable Object replaceObject(@Nullable Object object) throws IOException {
      if (object == null) {
        return null;
      }
      if (!(object instanceof Serializable)) {
        throw refused(new NotSerializableException(object.getClass().getName()));
      }
      if (limits != null) {
        limits.count(object);
      }
      return parts == null ? object : parts.firstEqual(object);
    }

    /** The first refusal is the one that counts. */
    private ObjectStreamException refused(ObjectStreamException refused) {
      refusal = refusal == null ? refused : refusal;
      return refused;
    }
  }

  private final class LoaderInput extends ObjectInputStream {
    private final CollectionNesting nesting;

    LoaderInput(InputStream input, int bytes) throws IOException {
      super(input);
      nesting = new CollectionNesting(bytes);
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
        info.depth() > ReadLimits.MAX_DEPTH
            || info.references() > ReadLimits.MAX_REFERENCES
            || info.arrayLength() > 2L * bytes + ReadLimits.ARRAY_SLACK
            || info.streamBytes() > bytes;
    return excessive || (type != null && !rules.permits(type))
        ? ObjectInputFilter.Status.REJECTED
        : ObjectInputFilter.Status.ALLOWED;
  }
}
