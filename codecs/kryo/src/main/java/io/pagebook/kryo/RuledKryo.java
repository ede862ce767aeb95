package io.pagebook.kryo;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.serializers.CollectionSerializer;
import com.esotericsoftware.kryo.kryo5.serializers.DefaultSerializers;
import com.esotericsoftware.kryo.kryo5.serializers.EnumNameSerializer;
import com.esotericsoftware.kryo.kryo5.serializers.MapSerializer;
import io.pagebook.jcache.spi.CodecContext;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A Kryo for trees of objects whose classes a cache allows, which refuses what it would not store
 * in full. For one thread at a time.
 */
@SuppressWarnings("rawtypes") // as Kryo has it
final class RuledKryo extends Kryo {
  private static final int MAX_DEPTH = 256;

  /** The number of the first of the classes below; those before it are Kryo's own. */
  private static final int FIRST_NUMBER = 16;

  /** Classes that stand in a record as a number: part of the format, added to at the end. */
  private static final List<Class<?>> NUMBERED =
      List.of(
          ArrayList.class,
          LinkedList.class,
          HashMap.class,
          LinkedHashMap.class,
          TreeMap.class,
          HashSet.class,
          LinkedHashSet.class,
          TreeSet.class,
          EnumSet.class,
          Object[].class,
          String[].class,
          byte[].class,
          int[].class,
          long[].class,
          double[].class,
          BigInteger.class,
          BigDecimal.class,
          UUID.class,
          URI.class,
          Optional.class,
          Date.class,
          Instant.class,
          Duration.class,
          LocalDate.class,
          LocalTime.class,
          LocalDateTime.class,
          OffsetDateTime.class,
          ZonedDateTime.class);

  /**
   * {@link DefaultSerializers.DateSerializer} keeps the milliseconds of a date and nothing else.
   */
  private static final Set<String> DATES =
      Set.of("java.util.Date", "java.sql.Date", "java.sql.Time");

  RuledKryo(CodecContext context) {
    super(new RuledResolver(context), null);
    setClassLoader(context.classLoader());
    setRegistrationRequired(false);
    setMaxDepth(MAX_DEPTH);
    setOptimizedGenerics(false);
    setInstantiatorStrategy(new Instantiators());
    addDefaultSerializer(Enum.class, EnumNameSerializer.class);
    addDefaultSerializer(UUID.class, DefaultSerializers.UUIDSerializer.class);
    addDefaultSerializer(URI.class, DefaultSerializers.URISerializer.class);
    addDefaultSerializer(AtomicBoolean.class, DefaultSerializers.AtomicBooleanSerializer.class);
    addDefaultSerializer(AtomicInteger.class, DefaultSerializers.AtomicIntegerSerializer.class);
    addDefaultSerializer(AtomicLong.class, DefaultSerializers.AtomicLongSerializer.class);
    addDefaultSerializer(Locale.class, new LocaleSerializer());
    int number = FIRST_NUMBER;
    for (Class<?> type : NUMBERED) {
      register(type, number++);
    }
  }

  /**
   * Whether objects of a field's type stand in the record without their class: never for classes of
   * the application, whose fingerprint is to be compared.
   */
  @Override
  public boolean isFinal(Class type) {
    return ClassShape.isJdk(type) && super.isFinal(type);
  }

  @Override
  public Serializer getDefaultSerializer(Class type) {
    if (type.getName().equals("java.sql.Timestamp")) {
      return new TimestampSerializer();
    }
    Serializer serializer = super.getDefaultSerializer(type);
    boolean whole = true;
    if (serializer instanceof CollectionSerializer || serializer instanceof MapSerializer) {
      boolean plain =
          serializer.getClass() == CollectionSerializer.class
              || serializer.getClass() == MapSerializer.class;
      whole = (!plain || Instantiators.hasConstructor(type)) && ClassShape.fields(type).isEmpty();
    } else if (serializer instanceof DefaultSerializers.DateSerializer) {
      whole = DATES.contains(type.getName());
    }
    if (!whole) {
      throw refused(type);
    }
    return serializer;
  }

  @Override
  protected Serializer newDefaultSerializer(Class type) {
    if (type.isInterface() || ClassShape.isJdk(type)) {
      throw refused(type);
    }
    return super.newDefaultSerializer(type);
  }

  private static KryoException refused(Class<?> type) {
    return new KryoException(
        "objects of the class cannot be stored in full by Kryo: class="
            + type.getName()
            + "; copy it to a plain collection or class, or use the codec java");
  }
}
