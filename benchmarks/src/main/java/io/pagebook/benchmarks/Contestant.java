package io.pagebook.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * One side of a measurement, in a JVM of its own: opens a store, then loads it, runs slices of an
 * operation, writes and checks {@link Marks}, each when it is told to.
 */
final class Contestant {
  static final String READY = "ready";

  /** The first word of an order. */
  enum Order {
    /** Fills the store. */
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

  private final Store<String> store;
  private final Shape<String> shape;
  private final Workload<String> workload;
  private final int number;
  private final String[] values = new String[VALUES];
  private int next;

  /** First characters of what it writes in this slice: who, and in which slice. */
  private char ownSign;

  private char sliceSign;
  private long foreign;

  /** Keeps the JIT from leaving out what is read. */
  private int sink;

  private Contestant(Store<String> store, Shape<String> shape, int number) {
    this.store = store;
    this.shape = shape;
    this.workload = new Workload<>(shape);
    this.number = number;
    this.next = number * DISTANCE;
  }

  /**
   * Takes the store's name, the directory, the number of entries, that of contestants, and the own
   * one among them.
   */
  public static void main(String[] args) throws IOException {
    int entries = Integer.parseInt(args[2]);
    int contestants = Integer.parseInt(args[3]);
    int capacity = contestants == 1 ? entries : entries + contestants * Marks.PER_WRITER;
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Store<String> store =
        StoreKind.valueOf(args[0]).open(Path.of(args[1]), Shape.usual(capacity))) {
      Contestant contestant =
          new Contestant(store, Shape.usual(entries), Integer.parseInt(args[4]));
      ChildJvm.say(READY);
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        ChildJvm.say(contestant.follow(order.split(" ", -1)));
      }
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
    long cpuStart = cpuNanos();
    long start = System.nanoTime();
    long nanos;
    do {
      switch (operation) {
        case GET -> get();
        case PUT -> put();
        case MIXED -> mixed();
      }
      operations += BATCH;
      nanos = System.nanoTime() - start;
    } while (nanos < budget);
    return new Slice(operations, nanos, cpuNanos() - cpuStart, foreign);
  }

  /** Processor time of this thread. */
  static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void get() {
    for (int i = 0; i < BATCH; i++) {
      read(Math.abs(workload.request(next++)));
    }
  }

  private void put() {
    for (int i = 0; i < BATCH; i++) {
      store.put(Math.abs(workload.request(next)), value());
      next++;
    }
  }

  private void mixed() {
    for (int i = 0; i < BATCH; i++) {
      int key = workload.request(next);
      if (key > 0) {
        read(key);
      } else {
        store.put(-key, value());
      }
      next++;
    }
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
