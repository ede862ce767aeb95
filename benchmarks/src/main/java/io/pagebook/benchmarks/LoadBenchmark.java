package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * How long does it take to fill a new store, and how much room do its entries need?
 *
 * <p>{@code ./benchmarks/run size}. One shot is the creation of a store and {@code entries} puts
 * under new keys; the store is then closed and the blocks of its files are counted. The secondary
 * result {@code diskBytes} is that count for the one measured shot, with what a server says that it
 * needs in memory; the report divides it by the entries. It counts allocated blocks, not file
 * lengths: a file with holes costs only what is in it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 1)
@SuppressWarnings("NullAway.Init") // JMH sets parameters and calls the methods marked @Setup
public class LoadBenchmark {
  @Param StoreKind store;

  @Param("1000000")
  int entries;

  @Param("100")
  int valueBytes;

  private Path directory;
  private Loaded<?> loaded;

  /** What the shot left on disk. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Footprint {
    public long diskBytes;
  }

  @Setup(Level.Iteration)
  public void create() {
    directory = Directories.create();
  }

  @TearDown(Level.Iteration)
  public void measure(Footprint footprint) {
    long elsewhere = loaded.verifyAndClose();
    footprint.diskBytes =
        elsewhere + (store.hasFiles() ? Directories.allocatedBytes(directory) : 0);
    Directories.delete(directory);
  }

  @Benchmark
  public void load() {
    loaded = Loaded.load(store, directory, Shape.of(entries, valueBytes));
  }

  /** A filled store. */
  private record Loaded<V>(Store<V> store, Shape<V> shape) {
    static <V> Loaded<V> load(StoreKind kind, Path directory, Shape<V> shape) {
      Store<V> store = kind.open(directory, shape);
      Workload.load(store, shape);
      return new Loaded<>(store, shape);
    }

    /** Returns the bytes that the store took elsewhere than in its directory. */
    long verifyAndClose() {
      try (store) {
        Workload.verify(store, shape);
        return store.bytesElsewhere();
      }
    }
  }
}
