package io.pagebook.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * One side of a paired measurement, in a JVM of its own: opens and loads a store, then runs slices
 * of an operation when it is told to, and says how many operations it did in how many nanoseconds
 * of its thread's processor time.
 */
final class Contestant {
  static final String READY = "ready";

  /** Between two looks at the clock. */
  private static final int BATCH = 512;

  private final Store<String> store;
  private final Workload<String> workload;
  private int next;

  /** Keeps the JIT from leaving out what is read. */
  private int sink;

  private Contestant(Store<String> store, Workload<String> workload) {
    this.store = store;
    this.workload = workload;
  }

  /** Takes the store's name, the directory, and the number of entries. */
  public static void main(String[] args) throws IOException {
    Shape<String> shape = Shape.usual(Integer.parseInt(args[2]));
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Store<String> store = StoreKind.valueOf(args[0]).open(Path.of(args[1]), shape)) {
      Workload.load(store, shape);
      Workload.verify(store, shape);
      Contestant contestant = new Contestant(store, new Workload<>(shape));
      System.out.println(READY);
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        String[] words = order.split(" ", 2);
        contestant.slice(PairedOperation.valueOf(words[0]), Long.parseLong(words[1]));
      }
    }
  }

  private void slice(PairedOperation operation, long millis) {
    long budget = TimeUnit.MILLISECONDS.toNanos(millis);
    long operations = 0;
    long cpuStart = cpuNanos();
    long start = System.nanoTime();
    do {
      switch (operation) {
        case GET -> get();
        case PUT -> put();
        case MIXED -> mixed();
      }
      operations += BATCH;
    } while (System.nanoTime() - start < budget);
    System.out.println(operations + " " + (cpuNanos() - cpuStart) + " " + sink);
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void get() {
    for (int i = 0; i < BATCH; i++) {
      read(Math.abs(workload.request(next++)));
    }
  }

  private void put() {
    for (int i = 0; i < BATCH; i++) {
      store.put(Math.abs(workload.request(next)), workload.value(next));
      next++;
    }
  }

  private void mixed() {
    for (int i = 0; i < BATCH; i++) {
      int key = workload.request(next);
      if (key > 0) {
        read(key);
      } else {
        store.put(-key, workload.value(next));
      }
      next++;
    }
  }

  private void read(long key) {
    String value = store.get(key);
    sink += value == null ? 0 : value.length();
  }
}
