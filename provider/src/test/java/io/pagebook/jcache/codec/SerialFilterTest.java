package io.pagebook.jcache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.RecordBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;

class SerialFilterTest {
  private static final ClassLoader LOADER = SerialFilterTest.class.getClassLoader();

  private static final String TRACE = "io.pagebook.jcache.codec.trick";

  private final RecordBuffer buffer = new RecordBuffer();

  @Test
  void valuesAndCollectionsOfTheJdkAreAllowed() {
    RecordCodec codec = codec(ClassRules.allowing(List.of()));
    Map<String, Object> value = new HashMap<>();
    value.put("list", new ArrayList<>(List.of(1, 2L, 3.0)));
    value.put("set", Set.of("a"));
    value.put("array", new String[] {"x"});
    value.put("numbers", new int[] {1, 2});
    value.put("uri", URI.create("a:b"));

    codec.encodeValue(value, buffer);

    assertThat(codec.decodeValue(buffer)).usingRecursiveComparison().isEqualTo(value);
  }

  @Test
  void calendarsAndTimeZonesAreAllowed() {
    RecordCodec strict = codec(ClassRules.allowing(List.of()));
    TimeZone zone = TimeZone.getTimeZone("Europe/Berlin");

    for (Object value : List.of(zone, new GregorianCalendar(zone, Locale.ROOT))) {
      strict.encodeValue(value, buffer);

      assertThat(strict.decodeValue(buffer)).isEqualTo(value);
    }
  }

  @Test
  void otherClassesAreRefusedWhenWritten() {
    RecordCodec codec = codec(ClassRules.allowing(List.of()));

    assertThatThrownBy(() -> codec.encodeValue(new Inner("x"), buffer))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining(Inner.class.getName())
        .hasMessageContaining("io.pagebook.jcache.allow");
  }

  @Test
  void otherClassesAreRefusedWhenRead() throws IOException {
    plant(new Inner("x"));

    assertUnreadable(codec(ClassRules.allowing(List.of())));
    assertThat(codec(ClassRules.ANY).decodeValue(buffer)).isEqualTo(new Inner("x"));
  }

  /** Neither made nor initialised; the same bytes do both where the class is allowed. */
  @Test
  void aPlantedClassThatIsNotAllowedNeverRuns() throws IOException {
    plant(new ArrayList<>(List.of(new Decoy())));
    byte[] bytes =
        new String(buffer.value(), 0, buffer.valueLength(), StandardCharsets.ISO_8859_1)
            .replace("$Decoy", "$Trick")
            .getBytes(StandardCharsets.ISO_8859_1);
    buffer.wrapValue(bytes, bytes.length);

    assertUnreadable(codec(ClassRules.allowing(List.of(Decoy.class.getName()))));
    assertThat(System.getProperty(TRACE)).isNull();

    codec(ClassRules.allowing(List.of("io.pagebook.**"))).decodeValue(buffer);
    assertThat(System.clearProperty(TRACE)).isEqualTo("read");
  }

  @Test
  void whatThePropertyNamesIsAllowed() throws IOException {
    plant(new Inner("x"));

    assertThat(codec(ClassRules.allowing(List.of("io.pagebook.**"))).decodeValue(buffer))
        .isEqualTo(new Inner("x"));
    assertThat(
            codec(ClassRules.allowing(List.of("io.pagebook.jcache.codec.*"))).decodeValue(buffer))
        .isEqualTo(new Inner("x"));
    assertThat(codec(ClassRules.allowing(List.of(Inner.class.getName()))).decodeValue(buffer))
        .isEqualTo(new Inner("x"));
    assertUnreadable(codec(ClassRules.allowing(List.of("io.pagebook.*", "io.pagebook.jcache"))));
  }

  @Test
  void whatTheDeclaredTypeNamesInItsFieldsIsAllowed() {
    RecordCodec codec = codec(ClassRules.allowing(List.of()).with(String.class, Outer.class));
    Outer value = new Outer(List.of(new Inner("x")), new Inner[] {new Inner("y")});

    codec.encodeValue(value, buffer);

    assertThat(codec.decodeValue(buffer)).usingRecursiveComparison().isEqualTo(value);
  }

  @Test
  void whatTheDeclaredTypeDoesNotNameIsNotAllowed() {
    RecordCodec codec = codec(ClassRules.allowing(List.of()).with(String.class, Outer.class));

    assertThatThrownBy(() -> codec.encodeValue(new Unrelated(), buffer))
        .isInstanceOf(CacheException.class);
  }

  @Test
  void proxiesAreNeverRead() throws IOException {
    Object proxy = Proxy.newProxyInstance(LOADER, new Class<?>[] {Comparable.class}, new Handler());
    plant(proxy);

    assertUnreadable(codec(ClassRules.ANY));
  }

  @Test
  void nestedCollectionsThatWouldHashForEverAreRefused() throws IOException {
    Set<Object> root = new HashSet<>();
    Set<Object> left = root;
    Set<Object> right = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      Set<Object> nextLeft = new HashSet<>();
      Set<Object> nextRight = new HashSet<>();
      nextLeft.add("different");
      left.add(nextLeft);
      left.add(nextRight);
      right.add(nextLeft);
      right.add(nextRight);
      left = nextLeft;
      right = nextRight;
    }
    plant(root);

    assertUnreadable(codec(ClassRules.allowing(List.of())));
  }

  @Test
  void deeplyNestedObjectsAreRefused() throws IOException {
    Link link = null;
    for (int i = 0; i < 300; i++) {
      link = new Link(link);
    }
    plant(link);

    assertUnreadable(codec(ClassRules.allowing(List.of("io.pagebook.**"))));
  }

  @Test
  void anArrayLongerThanTheRecordIsRefusedBeforeItIsAllocated() throws IOException {
    plant(new long[3]);
    int at = buffer.valueLength() - 3 * Long.BYTES - Integer.BYTES; // the length in the stream
    buffer.value()[at] = 0x7F;

    assertUnreadable(codec(ClassRules.allowing(List.of())));
  }

  @Test
  void patternsAreChecked() {
    for (String pattern : List.of("", "*", "a..b", "a.*.b", "**", "a b", ".a")) {
      assertThatThrownBy(() -> ClassRules.allowing(List.of(pattern)))
          .as(pattern)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("pattern=" + pattern);
    }
  }

  private static RecordCodec codec(ClassRules rules) {
    return new RecordCodec(LOADER, rules, null);
  }

  private void assertUnreadable(RecordCodec codec) {
    assertThatThrownBy(() -> codec.decodeValue(buffer))
        .isInstanceOf(UnreadableRecordException.class);
  }

  /** Puts an object into the buffer past the rules, as another program would into the file. */
  private void plant(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
      output.writeObject(object);
    }
    buffer.wrapValue(bytes.toByteArray(), bytes.size());
    buffer.setType(ProviderType.SERIALIZED);
  }

  private record Inner(String text) implements Serializable {}

  @SuppressWarnings("ArrayRecordComponent") // an array of an allowed class is what is tested
  private record Outer(List<Inner> list, Inner[] array) implements Serializable {}

  private record Link(Link next) implements Serializable {}

  /**
   * Stands in for {@link Trick} while bytes are made, so that the latter is not initialised by
   * that.
   */
  private static final class Decoy implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** Leaves a trace when it is initialised, and another when it is read. */
  static final class Trick implements Serializable {
    private static final long serialVersionUID = 1L;

    static {
      System.setProperty(TRACE, "initialised");
    }

    private void readObject(ObjectInputStream input) throws IOException, ClassNotFoundException {
      input.defaultReadObject();
      System.setProperty(TRACE, "read");
    }
  }

  private record Unrelated() implements Serializable {}

  private static final class Handler implements InvocationHandler, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
      return 0;
    }
  }
}
