package io.pagebook.jcache.codec;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All codecs of single classes of the JDK, by class and by number. */
final class ScalarCodecs {
  private static final List<ScalarCodec<?>> ALL =
      Stream.concat(NumberCodecs.ALL.stream(), TimeCodecs.ALL.stream()).toList();

  private static final Map<Class<?>, ScalarCodec<?>> BY_CLASS = byClass();
  private static final @Nullable ScalarCodec<?>[] BY_TYPE = byType();

  private ScalarCodecs() {}

  /** The codec of an object's class, or null. */
  static @Nullable ScalarCodec<?> of(Object value) {
    return BY_CLASS.get(value.getClass());
  }

  /** The codec of a number in a book, or null. */
  static @Nullable ScalarCodec<?> of(int type) {
    return type < BY_TYPE.length ? BY_TYPE[type] : null;
  }

  private static Map<Class<?>, ScalarCodec<?>> byClass() {
    Map<Class<?>, ScalarCodec<?>> codecs = new HashMap<>();
    ALL.forEach(codec -> codecs.put(codec.javaClass(), codec));
    return codecs;
  }

  private static @Nullable ScalarCodec<?>[] byType() {
    @Nullable ScalarCodec<?>[] codecs = new ScalarCodec<?>[ProviderType.ZONE_ID + 1];
    ALL.forEach(codec -> codecs[codec.type()] = codec);
    return codecs;
  }
}
