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
import org.openjdk.jmh.infra.Blackhole;

/**
 * How long does one operation on a loaded store take, next to the others?
 *
 * <p>{@code ./benchmarks/run get}, {@code miss}, {@code put}, {@code mixed}, {@code update} and
 * {@code iterate} run one method each. The store holds {@code entries} values of {@code valueBytes}
 * under even numbers, strings below 1 MiB and byte arrays above; keys come from a {@link Workload};
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

  @Param("100")
  int valueBytes;

  private Path directory;
  private Exercise<?> exercise;

  /** Each thread's place in the sequence of requests. */
  @State(Scope.Thread)
  public static class Position {
    private static final AtomicInteger THREADS = new AtomicInteger();

    private int next = THREADS.getAndIncrement() * 123_457;

    /** Keeps the JIT from leaving out what is read. */
    int sink;

    /** Reads of a value what only its own memory has: those who copied it have done so. */
    private @Nullable Object touched(@Nullable Object value) {
      if (value instanceof String text) {
        sink += text.charAt(1);
      } else if (value instanceof byte[] bytes) {
        sink += bytes[1];
      }
      return value;
    }
  }

  @Setup
  public void load() {
    directory = Directories.create();
    try {
      exercise = Exercise.load(store, directory, Shape.of(entries, valueBytes));
    } catch (RuntimeException | Error e) {
      Directories.delete(directory); // JMH calls no tear-down then
      throw e;
    }
  }

  @TearDown
  public void close() {
    exercise.close();
    Directories.delete(directory);
  }

  @Benchmark
  public @Nullable Object get(Position position) {
    return position.touched(exercise.get(position.next++));
  }

  /** A get of a key that is not there. */
  @Benchmark
  public @Nullable Object miss(Position position) {
    return exercise.miss(position.next++);
  }

  @Benchmark
  public void put(Position position) {
    exercise.put(position.next++);
  }

  /** 95 % gets, 5 % puts. */
  @Benchmark
  public @Nullable Object mixed(Position position) {
    return position.touched(exercise.mixed(position.next++));
  }

  /** Reads, changes and writes an entry in one atomic step. */
  @Benchmark
  public void update(Position position) {
    exercise.update(position.next++);
  }

  /** A pass over all values. */
  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public void iterate(Blackhole blackhole) {
    exercise.iterate(blackhole::consume);
  }
}
