package io.pagebook.jcache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.RecordBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamConstants;
import java.io.Serializable;
import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written can be read, and what cannot be read is refused when it is written. */
class ReadBackTest {
  private static final ClassLoader LOADER = ReadBackTest.class.getClassLoader();

  private final RecordCodec codec = codec(ClassRules.allowing(List.of("io.pagebook.**")));
  private final RecordBuffer buffer = new RecordBuffer();

  static Stream<Arguments> objects() {
    return Stream.of(
        Arguments.of("chain of 250", chain(250)),
        Arguments.of("chain of 255", chain(255)),
        Arguments.of("chain of 256", chain(256)),
        Arguments.of("chain of 257", chain(257)),
        Arguments.of("chain of 260", chain(260)),
        Arguments.of("chain of 5,000", chain(5_000)),
        Arguments.of("chain of 100,000", chain(100_000)),
        Arguments.of("20 lists", nested(20, ReadBackTest::listOf)),
        Arguments.of("21 lists", nested(21, ReadBackTest::listOf)),
        Arguments.of("20 immutable lists", nested(20, List::of)),
        Arguments.of("21 immutable lists", nested(21, List::of)),
        Arguments.of("21 maps", nested(21, part -> new HashMap<>(Map.of("", part)))),
        Arguments.of("21 immutable maps", nested(21, part -> Map.of("", part))),
        Arguments.of("21 entries", nested(21, part -> new AbstractMap.SimpleEntry<>("", part))),
        Arguments.of("copies", Collections.nCopies(1_000, "x")),
        Arguments.of("many copies", Collections.nCopies(5_000, "x")),
        Arguments.of(
            "lists side by side", Collections.nCopies(1_000, listOf("x")).stream().toList()),
        Arguments.of("one list in 15 views", views(15)),
        Arguments.of("one list in 20 views", views(20)),
        Arguments.of("one list in 500 views", views(500)),
        Arguments.of("tiny table", new HashMap<>(Map.of("a", "b"))),
        Arguments.of("set with a wide table", wideSet()),
        Arguments.of("lazy collection", new Lazy()),
        Arguments.of("lazy collection in an object", new Holder(new Lazy())),
        Arguments.of("lazy collection in a view", Collections.unmodifiableCollection(new Lazy())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("objects")
  void whatIsWrittenIsRead(String name, Object value) {
    try {
      codec.encodeValue(value, buffer);
    } catch (CacheException e) {
      assertThat(e).hasMessageContaining("class=" + value.getClass().getName());
      return;
    }
    assertThat(codec.decodeValue(buffer)).isEqualTo(value);
  }

  /** So that nothing is refused that a book takes. */
  @Test
  void whatIsWithinTheLimitsIsTaken() {
    for (Object value :
        List.of(
            chain(250),
            nested(20, ReadBackTest::listOf),
            nested(20, List::of),
            Collections.nCopies(1_000, "x"),
            new ArrayList<>(Collections.nCopies(100_000, listOf("x"))),
            new Holder(new Lazy()),
            views(10))) {
      codec.encodeValue(value, buffer);

      assertThat(codec.decodeValue(buffer)).isEqualTo(value);
    }
  }

  @Test
  void whatIsBeyondTheLimitsIsRefusedWithThem() {
    for (Object value : List.of(chain(260), nested(21, List::of), Collections.nCopies(5_000, ""))) {
      assertThatThrownBy(() -> codec.encodeValue(value, buffer))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("could not be read back: class=" + value.getClass().getName())
          .hasMessageContaining("maxDepth=256, maxCollectionLevels=20");
    }
  }

  @Test
  void chainsThatAreTooDeepForTheStackAreRefusedByPrivateManagersToo() {
    assertThatThrownBy(() -> codec(ClassRules.ANY).encodeValue(chain(100_000), buffer))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("class=" + Link.class.getName())
        .hasMessageContaining("StackOverflowError");
  }

  @Test
  void whatAnObjectThrowsWhileItIsWrittenIsTheCause() {
    assertThatThrownBy(() -> codec(ClassRules.ANY).encodeValue(new Unwilling(), buffer))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("class=" + Unwilling.class.getName())
        .hasMessageContaining("not now");
  }

  @Test
  void classesThatTheLoaderDoesNotFindAreRefusedWithItsName() {
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    RecordCodec foreign = new RecordCodec(platform, ClassRules.ANY, null);

    for (Object value : List.of(new Holder(null), new Holder[0], listOf(new Holder(null)))) {
      assertThatThrownBy(() -> foreign.encodeValue(value, buffer))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining(Holder.class.getName())
          .hasMessageContaining("loader=" + platform);
    }
    Object known = List.of(new int[0], new String[0], new java.sql.Timestamp(1), Locale.ROOT);
    foreign.encodeValue(known, buffer);
    assertThat(foreign.decodeValue(buffer)).usingRecursiveComparison().isEqualTo(known);
  }

  @Test
  void whatIsNotSerializableIsRefusedWithItsClass() {
    List<String> view = new ArrayList<>(List.of("a", "b")).subList(0, 1);

    for (Object value : List.of(view, listOf(view), new Holder(view), Arrays.asList(1, view))) {
      assertThatThrownBy(() -> codec.encodeValue(value, buffer))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("NotSerializableException: " + view.getClass().getName())
          .hasMessageNotContaining("allow");
    }
  }

  @Test
  void oneLargeCollectionInManyViewsIsRefusedByBothSides() throws IOException {
    Object value = views(500);
    assertThatThrownBy(() -> codec.encodeValue(value, buffer))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("looked at");

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
      output.writeObject(value);
    }
    buffer.wrapValue(bytes.toByteArray(), bytes.size());
    buffer.setType(ProviderType.SERIALIZED);
    assertThatThrownBy(() -> codec.decodeValue(buffer))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining("looked at");
  }

  /** A wrapper of a list has its collection twice: iterates over one and hashes the other. */
  @Test
  void wrapperWhoseHalvesDifferIsMeasuredByWhatItHashes() throws IOException {
    Object deep = nested(15, ReadBackTest::listOf);
    Object wrapper = Collections.unmodifiableList(new ArrayList<>());
    Object value = new Object[] {deep, nested(10, ReadBackTest::listOf, wrapper), deep};
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(output)) {
      objects.writeObject(value);
    }
    byte[] bytes = output.toByteArray();
    int handle = bytes.length - Integer.BYTES; // the last thing is a reference to what is deep
    int half = handle - 2;
    while (bytes[half] != ObjectStreamConstants.TC_REFERENCE) {
      half--;
    }
    System.arraycopy(bytes, handle, bytes, half + 1, Integer.BYTES);
    buffer.wrapValue(bytes, bytes.length);
    buffer.setType(ProviderType.SERIALIZED);
    assertThatThrownBy(() -> codec.decodeValue(buffer))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining("nested too deeply");
  }

  private static RecordCodec codec(ClassRules rules) {
    return new RecordCodec(LOADER, rules, null);
  }

  private static Object chain(int links) {
    Link link = null;
    for (int i = 0; i < links; i++) {
      link = new Link(link, i + 1);
    }
    return link == null ? "" : link;
  }

  private static Object nested(int levels, UnaryOperator<Object> around) {
    return nested(levels, around, "x");
  }

  private static Object nested(int levels, UnaryOperator<Object> around, Object innermost) {
    Object value = innermost;
    for (int i = 0; i < levels; i++) {
      value = around.apply(value);
    }
    return value;
  }

  private static Object listOf(Object part) {
    return new ArrayList<>(List.of(part));
  }

  /** A list of views, each of which the nesting of collections makes a reader look through. */
  private static Object views(int count) {
    List<Object> large = new ArrayList<>(Collections.nCopies(30_000, null));
    List<Object> views = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      views.add(Collections.unmodifiableList(large));
    }
    return views;
  }

  private static Object wideSet() {
    HashSet<Object> set = new HashSet<>(1 << 16);
    set.add("x");
    return set;
  }

  /** Equal if the first links are: comparing all of them would recurse. */
  private static final class Link implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Link next;
    private final int length;

    Link(Link next, int length) {
      this.next = next;
      this.length = length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Link link
          && length == link.length
          && (next == null) == (link.next == null);
    }

    @Override
    public int hashCode() {
      return length;
    }
  }

  @SuppressWarnings("serial") // what is not Serializable is tested too
  private record Holder(Object part) implements Serializable {}

  /** A collection that only an open session can iterate over. */
  private static final class Lazy extends AbstractCollection<String> implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<String> iterator() {
      throw new IllegalStateException("no session");
    }

    @Override
    public int size() {
      return 0;
    }

    @Override
    public String toString() {
      return "lazy";
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Lazy;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  private static final class Unwilling implements Serializable {
    private static final long serialVersionUID = 1L;

    private Object writeReplace() {
      throw new IllegalStateException("not now");
    }
  }
}
