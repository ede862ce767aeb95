package io.pagebook.kryo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.kryo5.KryoException;
import com.sun.management.ThreadMXBean;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Seeds;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.LocalTime;
import java.time.Month;
import java.time.Period;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KryoCodecTest {
  private static final int MUTATIONS = 10_000;
  private static final long MAX_ALLOCATION = 4 << 20;

  private final KryoCodec codec = TestContext.ANY.codec();

  @SuppressWarnings("JavaUtilDate")
  static Stream<Object> stored() {
    return Stream.of(
        Order.random(new SplittableRandom(1)),
        new Order.Line("a", 1, new Order.Line("b", 2, null)),
        Order.State.OPEN,
        Order.State.PAID,
        Month.MAY,
        new Order.Line[] {new Order.Line("a", 1, null), null},
        new Object[] {1, "two", null, 3.0},
        new int[][] {{1}, {}, null},
        new boolean[] {true, false},
        new char[] {'a', '\uffff'},
        new ArrayList<>(Arrays.asList(null, 1, "x")),
        new ArrayList<>(Collections.nCopies(500, null)),
        List.of(),
        List.of(1),
        List.of(1, 2, 3),
        Set.of("a", "b", "c"),
        Map.of("a", 1),
        Map.of("a", 1, "b", 2),
        Arrays.asList(1, null),
        Collections.emptyList(),
        Collections.emptyMap(),
        Collections.singletonList(7),
        Collections.singleton(7),
        Collections.singletonMap("k", "v"),
        new TreeMap<>(Map.of("b", 1, "a", 2)),
        new TreeSet<>(Set.of(3, 1, 2)),
        new HashSet<>(Set.of(new Order.Line("a", 1, null))),
        new HashMap<>(Map.of(new Order.Line("a", 1, null), List.of(Order.State.PAID))),
        new ConcurrentHashMap<>(Map.of(1, 2)),
        new CopyOnWriteArrayList<>(List.of(1, 2)),
        EnumSet.of(Order.State.PAID),
        EnumSet.noneOf(Order.State.class),
        BitSet.valueOf(new long[] {5, 9}),
        Optional.of("x"),
        Optional.empty(),
        URI.create("a:b"),
        new UUID(1, -2),
        BigInteger.ONE.shiftLeft(300),
        new Date(-5),
        new java.sql.Date(86_400_000),
        timestamp(),
        Locale.forLanguageTag("zh-Hant-TW-u-ca-chinese"),
        Locale.ROOT,
        Duration.ofNanos(-1),
        LocalTime.MAX,
        Period.of(1, -2, 3),
        Year.of(-5),
        ZonedDateTime.of(2024, 10, 27, 2, 30, 0, 1, ZoneId.of("Europe/Berlin")),
        "\u0101\ud83d\ude00".repeat(1000));
  }

  @ParameterizedTest
  @MethodSource("stored")
  void valuesComeBackEqual(Object value) {
    Object back = roundTrip(value);

    assertThat(back).hasSameClassAs(value);
    assertThat(Objects.deepEquals(back, value)).as("%s, %s", value, back).isTrue();
  }

  private static Timestamp timestamp() {
    Timestamp timestamp = new Timestamp(1_700_000_000_123L);
    timestamp.setNanos(123_456_789);
    return timestamp;
  }

  @Test
  void collectionsWithoutEqualsComeBack() {
    ArrayDeque<Object> deque = new ArrayDeque<>(List.of(1, 2));

    assertThat(new ArrayList<>((ArrayDeque<?>) roundTrip(deque))).isEqualTo(new ArrayList<>(deque));
    assertThat(roundTrip(List.of(1, 2, 3).subList(1, 2))).isEqualTo(List.of(2));
    assertThat(((AtomicInteger) roundTrip(new AtomicInteger(5))).get()).isEqualTo(5);
  }

  @Test
  void transientFieldsAreLeftOut() {
    Order order = Order.random(new SplittableRandom(2));

    assertThat(order.scratch()).isNotNull();
    assertThat(((Order) roundTrip(order)).scratch()).isNull();
  }

  static Stream<Object> refused() {
    List<Object> cycle = new ArrayList<>();
    cycle.add(new Object[] {cycle});
    return Stream.of(
        cycle,
        Collections.unmodifiableList(new ArrayList<>()),
        Collections.synchronizedMap(new HashMap<>()),
        new EnumMap<>(Map.of(Month.MAY, 1)),
        new TreeMap<>(Map.of("a", 1)).headMap("b"),
        new TreeSet<>(Comparator.comparing(Object::toString)),
        new Named("n"),
        new IllegalStateException("x"),
        new Locale("no", "NO", "NY x"),
        new DateWithMore(),
        (Runnable & java.io.Serializable) () -> {},
        Proxy.newProxyInstance(
            KryoCodecTest.class.getClassLoader(),
            new Class<?>[] {Runnable.class},
            (p, m, a) -> null),
        Thread.currentThread(),
        new ArrayList<>(Collections.nCopies(5_000, null)));
  }

  /** What would not come back, or not in full, is refused when it is written. */
  @ParameterizedTest
  @MethodSource("refused")
  void whatWouldNotComeBackIsRefused(Object value) {
    assertThatThrownBy(() -> codec.encode(value)).isInstanceOf(KryoException.class);
    assertThat(roundTrip("x")).isEqualTo("x");
    assertThatThrownBy(() -> codec.encode(List.of(value))).isInstanceOf(KryoException.class);
  }

  @Test
  void classesThatAreNotAllowedAreRefusedWhenWritten() {
    KryoCodec strict = without(Order.Line.class).codec();

    assertThatThrownBy(() -> strict.encode(List.of(new Order.Line("a", 1, null))))
        .isInstanceOf(KryoException.class)
        .hasMessageContaining(Order.Line.class.getName())
        .hasMessageContaining("io.pagebook.jcache.allow");
    assertThatThrownBy(() -> strict.encode(new Order.Line[0])).isInstanceOf(KryoException.class);
  }

  /** Neither made nor initialised; the same bytes do both where the class is allowed. */
  @Test
  void aPlantedClassThatIsNotAllowedNeverRuns() {
    byte[] bytes = replace(codec.encode(List.of(new Decoy(), "x")), "Decoy", "Trick");

    assertThatThrownBy(() -> decode(without(Trick.class).codec(), bytes))
        .isInstanceOf(KryoException.class)
        .hasMessageContaining("Trick");
    assertThat(System.getProperty(Trick.TRACE)).isNull();

    assertThat(((List<?>) decode(codec, bytes)).get(0)).isInstanceOf(Trick.class);
    assertThat(System.clearProperty(Trick.TRACE)).isEqualTo("ran");
  }

  @Test
  void aClassThatTheLoaderHasNotIsUnreadable() {
    byte[] bytes = codec.encode(new Order.Line("a", 1, null));
    TestContext other = new TestContext(new HidingLoader(Order.Line.class), type -> true);

    assertThatThrownBy(() -> decode(other.codec(), bytes))
        .isInstanceOf(KryoException.class)
        .hasMessageContaining("class is missing: class=" + Order.Line.class.getName());
  }

  @Test
  void aClassWithOtherFieldsIsUnreadable() {
    for (Object value : List.of(new Before(1, 2), List.of(new Before(1, 2)), new Before[0])) {
      byte[] bytes = replace(codec.encode(value), "Before", "Afters");

      assertThatThrownBy(() -> decode(codec, bytes))
          .isInstanceOf(KryoException.class)
          .hasMessageContaining("other fields");
    }
    byte[] constant = replace(codec.encode(Coins.HEADS), "Coins", "Coin2");
    assertThatThrownBy(() -> decode(codec, constant)).isInstanceOf(KryoException.class);
  }

  @Test
  void bytesThatAreLeftOverAreUnreadable() {
    byte[] bytes = codec.encode(List.of(1));

    assertThatThrownBy(() -> decode(codec, Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(KryoException.class)
        .hasMessageContaining("left over: bytes=1");
  }

  /** A few bytes that claim lists of lists of many nulls, or one huge array. */
  @Test
  void lengthsThatTheBytesCannotFillAreRefused() {
    byte[] array = codec.encode(new long[100]);
    array[1] = (byte) 0xFF;
    array[2] = (byte) 0xFF; // varint of the length
    array[3] = 0x7F;
    assertThatThrownBy(() -> decode(codec, array)).hasMessageContaining("claim more elements");

    List<Object> lists = new ArrayList<>();
    IntStream.range(0, 100).forEach(i -> lists.add(new ArrayList<>(Collections.nCopies(9, null))));
    codec.encode(lists);
    IntStream.range(0, 400)
        .forEach(i -> lists.add(new ArrayList<>(Collections.nCopies(900, null))));
    assertThatThrownBy(() -> codec.encode(lists)).hasMessageContaining("claim more elements");
  }

  /** Any bytes are a value or an exception: no error, no hang, no allocation beyond reason. */
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void anyBytesAreAValueOrAnException() {
    SplittableRandom random = Seeds.random("any bytes are a value or an exception");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Set<Class<?>> allowed = Set.of(Order.class, Order.Line.class, Order.State.class);
    KryoCodec ruled =
        new TestContext(
                getClass().getClassLoader(),
                type -> allowed.contains(type) || type.getPackageName().startsWith("java."))
            .codec();
    List<Object> samples = stored().filter(KryoCodecTest::isShort).toList();
    int values = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes =
          codec.encode(
              random.nextBoolean()
                  ? Order.random(random)
                  : samples.get(random.nextInt(samples.size())));
      byte[] mutated = mutate(bytes, random);
      byte[] before = mutated.clone();
      long allocated = threads.getCurrentThreadAllocatedBytes();
      try {
        Object value = decode(ruled, mutated);
        values += value == null ? 0 : 1;
      } catch (RuntimeException | LinkageError e) {
        assertThat(mutated).isEqualTo(before);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
      assertThat(allocated).isLessThan(MAX_ALLOCATION);
    }
    assertThat(values).isBetween(MUTATIONS / 50, MUTATIONS - MUTATIONS / 20);
  }

  @Test
  void manyThreadsShareOneCodec() {
    List<Order> orders =
        new SplittableRandom(3)
            .longs(200)
            .mapToObj(seed -> Order.random(new SplittableRandom(seed)))
            .toList();

    List<Object> back = orders.parallelStream().map(this::roundTrip).toList();

    assertThat(back).isEqualTo(orders);
  }

  @Test
  void aCodecThatIsGoneKeepsNoClassLoader() {
    byte[] bytes = codec.encode(Order.random(new SplittableRandom(4)));
    WeakReference<ClassLoader> loader = useAndForget(bytes);

    Awaitility.await()
        .atMost(ChildJvm.PATIENCE)
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(loader.get()).isNull();
            });
  }

  private static WeakReference<ClassLoader> useAndForget(byte[] bytes) {
    ClassLoader loader = new OwnOrders();
    KryoCodec own = new TestContext(loader, type -> true).codec();
    Object order = decode(own, bytes);
    assertThat(order.getClass().getClassLoader()).isSameAs(loader);
    assertThat(own.encode(order)).isEqualTo(bytes);
    return new WeakReference<>(loader);
  }

  private static boolean isShort(Object value) {
    return TestContext.ANY.codec().encode(value).length < 1000;
  }

  private static byte[] mutate(byte[] bytes, SplittableRandom random) {
    byte[] mutated = bytes.clone();
    switch (random.nextInt(4)) {
      case 0 -> mutated = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> {
        int from = random.nextInt(bytes.length);
        byte[] noise = new byte[random.nextInt(1, 8)];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, mutated, from, Math.min(noise.length, bytes.length - from));
      }
      default -> {
        for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
          mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
    }
    return mutated;
  }

  private static TestContext without(Class<?> refused) {
    return new TestContext(
        KryoCodecTest.class.getClassLoader(),
        type -> type != refused && type.getComponentType() != refused);
  }

  private static byte[] replace(byte[] bytes, String name, String other) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    // the last character of a name has its highest bit set
    String replaced = text.replace(name, other).replace(lastMarked(name), lastMarked(other));
    assertThat(replaced).isNotEqualTo(text);
    return replaced.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String lastMarked(String name) {
    int last = name.length() - 1;
    return name.substring(0, last) + (char) (name.charAt(last) | 0x80);
  }

  private static Object decode(KryoCodec codec, byte[] bytes) {
    return codec.decode(bytes, 0, bytes.length);
  }

  /** Decodes from the middle of an array, as a cache does. */
  private Object roundTrip(Object value) {
    byte[] bytes = codec.encode(value);
    byte[] array = new byte[bytes.length + 20];
    Arrays.fill(array, (byte) 0x55);
    System.arraycopy(bytes, 0, array, 7, bytes.length);
    return codec.decode(array, 7, bytes.length);
  }

  private record Before(int first, int second) {}

  record Afters(int first, long second) {}

  private enum Coins {
    HEADS,
    TAILS
  }

  enum Coin2 {
    HEADS,
    EDGE,
    TAILS
  }

  private static final class Named extends ArrayList<String> {
    private static final long serialVersionUID = 1L;
    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final class DateWithMore extends Date {
    private static final long serialVersionUID = 1L;
  }
}
