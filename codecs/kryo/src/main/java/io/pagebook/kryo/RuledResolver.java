package io.pagebook.kryo;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Registration;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import com.esotericsoftware.kryo.kryo5.util.DefaultClassResolver;
import io.pagebook.jcache.spi.CodecContext;
import java.lang.reflect.InvocationHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How classes stand in a record: null as one byte 0, a class that {@link RuledKryo} gives a number
 * as that number plus 2, any other as a byte 1, a varint, and, where the varint is the count of
 * names so far in the record, a new name and the class's fingerprint. On both sides the rules of
 * the cache are asked about names, and only the manager's class loader is.
 */
@SuppressWarnings("rawtypes") // as Kryo has it
final class RuledResolver extends DefaultClassResolver {
  private static final int NAMED = 1;
  private static final int FIRST_NUMBER = 2;

  private final CodecContext context;
  private final Map<String, Class<?>> known = new HashMap<>();
  private final Map<Class<?>, Integer> written = new HashMap<>();
  private final List<Class<?>> read = new ArrayList<>();

  RuledResolver(CodecContext context) {
    this.context = context;
  }

  /** Called for each class that has no number, once, before an object of it is made. */
  @Override
  public Registration registerImplicit(Class type) {
    if (type.isHidden() || type == InvocationHandler.class || !context.isAllowed(type)) {
      throw new KryoException(
          "class is not allowed: class="
              + type.getName()
              + "; name it, or a package pattern, in the property io.pagebook.jcache.allow, or with"
              + " <allow class=\"...\"/> in the manager's XML document");
    }
    return register(new Named(type, kryo.getDefaultSerializer(type), ClassShape.fingerprint(type)));
  }

  @Override
  public @Nullable Registration writeClass(Output output, @Nullable Class type) {
    if (type == null) {
      output.writeByte(Kryo.NULL);
      return null;
    }
    Registration registration = kryo.getRegistration(type);
    if (registration instanceof Named) {
      writeName(output, registration.getType(), registration);
    } else {
      output.writeByte(registration.getId() + FIRST_NUMBER);
    }
    return registration;
  }

  @Override
  protected void writeName(Output output, Class type, Registration registration) {
    output.writeByte(NAMED);
    Integer index = written.putIfAbsent(type, written.size());
    output.writeVarInt(index == null ? written.size() - 1 : index, false);
    if (index == null) {
      output.writeString(type.getName());
      output.writeInt(((Named) registration).fingerprint);
    }
  }

  @Override
  public @Nullable Registration readClass(Input input) {
    int number = input.readByteUnsigned();
    if (number == Kryo.NULL) {
      return null;
    }
    if (number == NAMED) {
      return readName(input);
    }
    Registration registration = getRegistration(number - FIRST_NUMBER);
    if (registration == null) {
      throw new KryoException("unknown class: number=" + number);
    }
    return registration;
  }

  @Override
  protected Registration readName(Input input) {
    int index = input.readVarInt(false);
    if (index < 0 || index > read.size()) {
      throw new KryoException("unknown class: index=" + index);
    }
    if (index < read.size()) {
      return kryo.getRegistration(read.get(index));
    }
    Class<?> type = find(input.readString());
    Registration registration = kryo.getRegistration(type);
    int fingerprint = input.readInt();
    if (!(registration instanceof Named named) || named.fingerprint != fingerprint) {
      throw new KryoException(
          "class has other fields than when it was written: class=" + type.getName());
    }
    read.add(type);
    return registration;
  }

  /** Finds a class without initialising it. Only allowed ones are kept. */
  private Class<?> find(@Nullable String name) {
    Class<?> type = known.get(name);
    if (type == null) {
      try {
        type = Class.forName(name, false, context.classLoader());
      } catch (ClassNotFoundException | LinkageError e) {
        throw new KryoException("class is missing: class=" + name, e);
      }
      kryo.getRegistration(type);
      known.put(name, type);
    }
    return type;
  }

  @Override
  public void reset() {
    super.reset();
    written.clear();
    read.clear();
  }

  /** A class that stands in records by its name. */
  private static final class Named extends Registration {
    final int fingerprint;

    Named(Class type, Serializer serializer, int fingerprint) {
      super(type, serializer, NAME);
      this.fingerprint = fingerprint;
    }
  }
}
