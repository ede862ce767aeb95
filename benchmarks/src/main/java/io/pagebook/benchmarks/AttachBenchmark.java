package io.pagebook.benchmarks;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
 * How long does a process take to attach to a store that another one filled and left, up to the
 * first value read? Does that depend on how much is in it?
 *
 * <p>{@code ./benchmarks/run attach}. {@link #attach} repeats it in a JVM that has done it before;
 * {@link #attachFirst} measures the first time in a new JVM, where class loading and the
 * interpreter weigh most: that is what a command-line tool pays. Compare the two numbers of
 * entries: equal times mean that attaching does not depend on size.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets parameters and calls the methods marked @Setup
public class AttachBenchmark {
  /** Those that leave something behind to attach to, and differ in how. */
  static final Set<StoreKind> STORES =
      EnumSet.of(StoreKind.CHRONICLE_MAP, StoreKind.PAGEBOOK, StoreKind.PAGEBOOK_JCACHE);

  @Param({"CHRONICLE_MAP", "PAGEBOOK", "PAGEBOOK_JCACHE"})
  StoreKind store;

  @Param({"10000", "1000000"})
  int entries;

  private Path directory;
  private @Nullable Store<String> attached;

  @Setup
  public void loadElsewhere() {
    directory = Directories.create();
    Loader.loadElsewhere(store, directory, entries);
  }

  @TearDown
  public void delete() {
    Directories.delete(directory);
  }

  @TearDown(Level.Invocation)
  public void detach() {
    if (attached != null) {
      attached.close();
    }
  }

  @Benchmark
  @Fork(1)
  @Warmup(iterations = 20)
  @Measurement(iterations = 50)
  public @Nullable String attach() {
    return open();
  }

  @Benchmark
  @Fork(5)
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  public @Nullable String attachFirst() {
    return open();
  }

  private @Nullable String open() {
    attached = store.open(directory, Shape.usual(entries));
    return attached.get(1);
  }
}
