package io.pagebook.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * One side of a measurement, in a JVM of its own: opens a store, then loads it, runs slices of an
 * operation, writes and checks {@link Marks}, each when it is told to.
 */
final class Contestant {
  static final String READY = "ready";

  /** The first word of an order. */
  enum Order {
    /** Fills the store; not for those that run slices of loading. */
    LOAD,
    /** Followed by operation, milliseconds, and the slice's number. */
    SLICE,
    /** Followed by a token: writes the own marks. */
    MARK,
    /** Followed by a token and a number of contestants: reads the marks of the others. */
    CHECK
  }

  /** Between two looks at the clock. */
  private static final int BATCH = 512;

  /** Requests between the places where two contestants start. */
  private static final int DISTANCE = 123_457;

  private static final int VALUES = 1 << 10;
  private static final int SLICE_NUMBERS = 64;

  private final StoreKind kind;
  private final Path directory;
  private final Shape<String> shape;

  /** What the store was told that it will hold: marks too. */
  private final Shape<String> room;

  private Store<String> store;
  private final Workload<String> workload;
  private final int number;
  private final String[] values = new String[VALUES];
  private final UnaryOperator<String> turned;
  private int next;

  /** How many entries slices of loading have put since the store was made; less than 0 before. */
  private int loaded = -1;

  private long stoppedNanos;
  private long stoppedCpuNanos;

  /** First characters of what it writes in this slice: who, and in which slice. */
  private char ownSign;

  private char sliceSign;
  private long foreign;

  /** Keeps the JIT from leaving out what is read. */
  private int sink;

  private Contestant(String[] args) {
    this.kind = StoreKind.valueOf(args[0]);
    this.directory = Path.of(args[1]);
    int entries = Integer.parseInt(args[2]);
    int contestants = Integer.parseInt(args[3]);
    this.shape = Shape.usual(entries);
    this.room = Shape.usual(contestants == 1 ? entries : entries + contestants * Marks.PER_WRITER);
    this.workload = new Workload<>(shape);
    this.turned = shape.form()::turned;
    this.number = Integer.parseInt(args[4]);
    this.next = number * DISTANCE;
    this.store = kind.open(directory, room);
  }

  /**
   * Takes the store's name, the directory, the number of entries, that of contestants, and the own
   * one among them.
   */
  public static void main(String[] args) throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Contestant contestant = new Contestant(args);
    try {
      ChildJvm.say(READY);
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        ChildJvm.say(contestant.follow(order.split(" ", -1)));
      }
    } finally {
      contestant.store.close();
    }
  }

  private String follow(String[] words) {
    switch (Order.valueOf(words[0])) {
      case LOAD -> {
        Workload.load(store, shape);
        Workload.verify(store, shape);
      }
      case SLICE -> {
        sign(Integer.parseInt(words[3]));
        return slice(PairedOperation.valueOf(words[1]), Long.parseLong(words[2])).line()
            + " "
            + sink;
      }
      case MARK -> new Marks(store, shape.entries()).write(number, words[1]);
      case CHECK -> {
        for (int other = 0; other < Integer.parseInt(words[2]); other++) {
          new Marks(store, shape.entries()).check(other, words[1]);
        }
      }
    }
    return READY;
  }

  /** What a loaded store holds begins with a digit. */
  private void sign(int sliceNumber) {
    ownSign = (char) ('A' + number);
    sliceSign = (char) ('@' + sliceNumber % SLICE_NUMBERS);
    for (int i = 0; i < VALUES; i++) {
      values[i] = "" + ownSign + sliceSign + workload.value(i).substring(2);
    }
  }

  private Slice slice(PairedOperation operation, long millis) {
    long budget = TimeUnit.MILLISECONDS.toNanos(millis);
    long operations = 0;
    foreign = 0;
    if (operation == PairedOperation.LOAD && loaded < 0) {
      Workload.load(store, shape); // a whole pass that does not count
      Workload.verify(store, shape);
      makeAnew();
    }
    stoppedNanos = 0;
    stoppedCpuNanos = 0;
    long cpuStart = cpuNanos();
    long start = System.nanoTime();
    long nanos;
    do {
      operations += batch(operation);
      nanos = System.nanoTime() - start - stoppedNanos;
    } while (nanos < budget);
    return new Slice(operations, nanos, cpuNanos() - cpuStart - stoppedCpuNanos, foreign);
  }

  /** Returns how many operations it did. */
  private int batch(PairedOperation operation) {
    switch (operation) {
      case GET -> get();
      case MISS -> miss();
      case PUT -> put();
      case MIXED -> mixed();
      case UPDATE -> update();
      case LOAD -> {
        return load();
      }
    }
    return BATCH;
  }

  /** Processor time of this thread. */
  static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void get() {
    for (int i = 0; i < BATCH; i++) {
      read(Workload.key(entry(next++)));
    }
  }

  private void miss() {
    for (int i = 0; i < BATCH; i++) {
      if (store.get(Workload.missingKey(entry(next++))) != null) {
        throw new IllegalStateException("store has what nobody put: store=" + kind);
      }
    }
  }

  private void put() {
    for (int i = 0; i < BATCH; i++) {
      store.put(Workload.key(entry(next)), value());
      next++;
    }
  }

  private void mixed() {
    for (int i = 0; i < BATCH; i++) {
      int key = Workload.key(entry(next));
      if (workload.request(next) > 0) {
        read(key);
      } else {
        store.put(key, value());
      }
      next++;
    }
  }

  private void update() {
    for (int i = 0; i < BATCH; i++) {
      store.update(Workload.key(entry(next++)), turned);
    }
  }

  private int load() {
    if (loaded == shape.entries()) {
      makeAnew();
    }
    int end = Math.min(loaded + BATCH, shape.entries());
    int count = end - loaded;
    while (loaded < end) {
      store.put(Workload.key(Workload.shuffled(loaded++, shape.entries())), value());
      next++;
    }
    return count;
  }

  /** Closes and deletes the store and makes a new one, while the clocks stand still. */
  private void makeAnew() {
    long start = System.nanoTime();
    long cpuStart = cpuNanos();
    store.close();
    Directories.clear(directory);
    store = kind.open(directory, room);
    loaded = 0;
    stoppedCpuNanos += cpuNanos() - cpuStart;
    stoppedNanos += System.nanoTime() - start;
  }

  private int entry(int i) {
    return Math.abs(workload.request(i));
  }

  private String value() {
    return values[next & (VALUES - 1)];
  }

  private void read(long key) {
    String value = store.get(key);
    if (value == null) {
      return;
    }
    sink += value.length();
    if (value.charAt(1) == sliceSign && value.charAt(0) != ownSign && value.charAt(0) >= 'A') {
      foreign++;
    }
  }
}
