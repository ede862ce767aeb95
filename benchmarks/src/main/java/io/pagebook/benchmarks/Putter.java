package io.pagebook.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Puts values under a few keys for a while; in a thread, or in a JVM of its own. */
final class Putter {
  private static final String READY = "ready";
  private static final int BATCH = 64;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Store<String> store;
  private double cpuNanosEach;

  Putter(Store<String> store) {
    this.store = store;
  }

  /**
   * In a JVM of its own: takes the directory of a book, or nothing, to be compared with. An order
   * is milliseconds and keys, the answer is puts per second.
   */
  public static void main(String[] args) throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    if (args.length == 0) {
      ChildJvm.say(READY);
      orders.readLine();
      return;
    }
    try (Store<String> store = StoreKind.PAGEBOOK.open(Path.of(args[0]), Shape.usual(1))) {
      Putter putter = new Putter(store);
      ChildJvm.say(READY);
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        String[] words = order.split(" ", -1);
        int[] keys = Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).toArray();
        ChildJvm.say(Double.toString(putter.perSecond(keys, Long.parseLong(words[0]))));
      }
    }
  }

  static String order(int[] keys, long millis) {
    return millis
        + " "
        + Arrays.stream(keys).mapToObj(Integer::toString).collect(Collectors.joining(" "));
  }

  double perSecond(int[] keys, long millis) {
    String value = Shape.usual(1).initialValue(keys[0]);
    long budget = TimeUnit.MILLISECONDS.toNanos(millis);
    long cpuStart = Contestant.cpuNanos();
    long start = System.nanoTime();
    long nanos;
    long done = 0;
    int next = 0; // not a field: two putters stand side by side on the heap, on one cache line
    do {
      for (int i = 0; i < BATCH; i++) {
        store.put(keys[next], value);
        next = next + 1 < keys.length ? next + 1 : 0;
      }
      done += BATCH;
      nanos = System.nanoTime() - start;
    } while (nanos < budget);
    cpuNanosEach = (double) (Contestant.cpuNanos() - cpuStart) / done;
    return done * NANOS_PER_SECOND / nanos;
  }

  /** Processor time that a put took in the last run: not what others took meanwhile. */
  double cpuNanosEach() {
    return cpuNanosEach;
  }
}
