package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does one operation on a loaded store take, next to the others?
 *
 * <p>{@code ./benchmarks/run get}, {@code put} and {@code mixed} run one method each. The store
 * holds {@code entries} strings of 100 characters under numbers; keys come from a {@link Workload};
 * files lie in memory ({@code /dev/shm}).
 *
 * <p>Read the ratios within one run, not the times: a shared machine can double all of them. A put
 * replaces a value by another of the same length, again and again, and so pays for the space that
 * it frees. The boxing of a key is part of the operation where the store's interface takes objects.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@SuppressWarnings("NullAway.Init") // JMH sets parameters and calls the methods marked @Setup
public class StoreBenchmark {
  @Param StoreKind store;

  @Param("1000000")
  int entries;

  private Path directory;
  private Store opened;
  private Workload workload;

  /** Each thread's place in the sequence of requests. */
  @State(Scope.Thread)
  public static class Position {
    private static final AtomicInteger THREADS = new AtomicInteger();

    private int next = THREADS.getAndIncrement() * 123_457;
  }

  @Setup
  public void load() {
    directory = Directories.create();
    opened = store.open(directory, entries);
    Workload.load(opened, entries);
    Workload.verify(opened, entries);
    workload = new Workload(entries);
  }

  @TearDown
  public void close() {
    opened.close();
    Directories.delete(directory);
  }

  @Benchmark
  public @Nullable String get(Position position) {
    return opened.get(Math.abs(workload.request(position.next++)));
  }

  @Benchmark
  public void put(Position position) {
    int i = position.next++;
    opened.put(Math.abs(workload.request(i)), workload.value(i));
  }

  /** 95 % gets, 5 % puts. */
  @Benchmark
  public @Nullable String mixed(Position position) {
    int i = position.next++;
    int key = workload.request(i);
    if (key > 0) {
      return opened.get(key);
    }
    opened.put(-key, workload.value(i));
    return null;
  }
}
