package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.Recording.Point;
import io.pagebook.book.memory.StoreEvent;
import io.pagebook.book.memory.StoreEvent.Kind;
import io.pagebook.book.memory.StoreRecorder;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Seeds;
import io.pagebook.testing.Summary;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A process dies after each store of each operation. A child records what it stores; every prefix
 * of that, and prefixes of orders that the memory model allows, are made into images of what a dead
 * process leaves, and each is opened, recovered and checked. A sample is confirmed by processes
 * that halt at that store.
 */
@Timeout(value = 7200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class KillAnywhereIT {
  static final String BOOK = "a.book";
  static final String RECOVERY = "recovery of: ";
  static final String CUT_NUMBER = " #";

  static final boolean LONG = Boolean.getBoolean("pagebook.stress");

  private static final int REORDERINGS = LONG ? 1_000 : 20;
  private static final int HALTS = LONG ? 400 : 20;
  private static final int CUTS = LONG ? 8 : 1;

  /** Images are looked at by so many threads. */
  private static final int THREADS = Math.min(8, Runtime.getRuntime().availableProcessors());

  /** What recovery is cut off in, in its turn. */
  private static final List<String> CUT_OFF =
      List.of(
          "add",
          "replace, other size",
          "replace large by large",
          "remove a large value",
          "split of a bucket",
          "cleaning",
          "growth of the index",
          "eviction by bytes",
          "vacuum");

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inSharedMemory();

  /** By name; recorded once for all tests. */
  private static Map<String, Recorded> recordings;

  private final Map<String, ReplayedOperation> operations = ReplayedOperation.all();
  private final AtomicInteger images = new AtomicInteger();
  private int points;
  private int distinctImages;
  private int reorderings;

  /** One operation with its book, closed, and what was recorded of it. */
  private record Recorded(
      ReplayedOperation operation, Replica prepared, Recording recording, ReplayCheck check) {}

  @Test
  void everyStoreLeavesAWholeBook() throws IOException {
    SplittableRandom random = Seeds.random("everyStoreLeavesAWholeBook");
    Map<String, Recorded> recorded = recorded();
    for (Recorded one : recorded.values()) {
      replay(one, random);
      reorder(one, random);
    }
    List<Recorded> recoveries = recordRecoveries(recorded, random);
    for (Recorded one : recoveries) {
      replay(one, random);
      reorder(one, random);
    }
    recoveries.addAll(recorded.values());
    SoftAssertions.assertSoftly(
        all -> recoveries.forEach(one -> all.check(one.check()::assertNoFailure)));
    Summary.line(
        "kill anywhere: %d operations, %d points, %d distinct images, %d reorderings, each recovered, 0 lost, 0 torn",
        recoveries.size(), points, distinctImages, reorderings);
  }

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  private Map<String, Recorded> recorded() throws IOException {
    if (recordings == null) {
      recordings = recordAll();
    }
    return recordings;
  }

  private Map<String, Recorded> recordAll() throws IOException {
    Map<String, Replica> prepared = new LinkedHashMap<>();
    for (ReplayedOperation operation : operations.values()) {
      prepared.put(operation.name(), prepare(operation));
    }
    Map<String, Recorded> recorded = new LinkedHashMap<>();
    Map<String, Recording> byName = record(prepared);
    for (ReplayedOperation operation : operations.values()) {
      Recording recording = byName.get(operation.name());
      assertThat(recording.sites().keySet().stream().anyMatch(s -> s.contains(operation.site())))
          .as("%s goes through %s", operation.name(), operation.site())
          .isTrue();
      ReplayCheck check =
          new ReplayCheck(
              operation, write(recording.after(0)), write(recording.after(recording.size())));
      recorded.put(
          operation.name(),
          new Recorded(operation, prepared.get(operation.name()), recording, check));
    }
    return recorded;
  }

  /** A book as those find it who open it to do the operation. */
  private Replica prepare(ReplayedOperation operation) throws IOException {
    Path directory = Files.createTempDirectory(books.directory(), "prepared-");
    operation.makeBook(directory.resolve(BOOK));
    Replica prepared = Replica.of(directory);
    ReplayCheck.delete(directory);
    return prepared;
  }

  private Path write(Replica image) throws IOException {
    Path directory = books.directory().resolve("image-" + images.getAndIncrement());
    image.write(directory);
    return directory;
  }

  /** Has one child do and record operations, each on its own copy of a book. */
  private Map<String, Recording> record(Map<String, Replica> prepared) throws IOException {
    Path log = books.directory().resolve("log-" + images.getAndIncrement());
    List<Object> arguments = new ArrayList<>(List.of(log, 0));
    List<Path> directories = new ArrayList<>();
    for (Map.Entry<String, Replica> entry : prepared.entrySet()) {
      Path directory = write(entry.getValue());
      directories.add(directory);
      arguments.add(entry.getKey());
      arguments.add(directory);
    }
    try (ChildJvm child =
        ChildJvm.of(ReplayWorker.class)
            .jvmOption(StoreRecorder.OPTION)
            .heap("256m")
            .arguments(arguments.toArray())
            .start()) {
      child.awaitLine("done");
    }
    Map<String, Recording> recordings = new LinkedHashMap<>();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(log)))) {
      for (Map.Entry<String, Replica> entry : prepared.entrySet()) {
        recordings.put(entry.getKey(), Recording.read(entry.getValue(), in));
      }
    }
    Files.delete(log);
    for (Path directory : directories) {
      ReplayCheck.delete(directory);
    }
    return recordings;
  }

  /** Deaths in the middle of what a dead one's successor does. */
  private List<Recorded> recordRecoveries(Map<String, Recorded> recorded, SplittableRandom random)
      throws IOException {
    Map<String, Replica> cut = new LinkedHashMap<>();
    for (int i = 0; i < CUTS; i++) {
      for (String name : CUT_OFF) {
        cut.put(RECOVERY + name + CUT_NUMBER + i, cutOff(recorded.get(name), random));
      }
    }
    List<Recorded> recoveries = new ArrayList<>();
    for (Map.Entry<String, Recording> one : record(cut).entrySet()) {
      String label = one.getKey();
      String name = label.substring(RECOVERY.length(), label.indexOf(CUT_NUMBER));
      Recorded source = recorded.get(name);
      ReplayedOperation recovery = source.operation().recovery();
      recoveries.add(
          new Recorded(recovery, cut.get(label), one.getValue(), source.check().of(recovery)));
    }
    return recoveries;
  }

  /**
   * An image in which a journal is applied in part; of a vacuum, one of which the files change
   * places.
   */
  private static Replica cutOff(Recorded recorded, SplittableRandom random) {
    String site = recorded.operation().name().equals("vacuum") ? "Vacuum.rename" : "Journal.apply";
    Recording recording = recorded.recording();
    List<Integer> counts = new ArrayList<>();
    for (int i = 0; i < recording.size(); i++) {
      if (recording.event(i).text().contains(site) && recording.event(i).kind() != Kind.PLAIN) {
        counts.add(i + 1);
      }
    }
    return recording.after(counts.get(random.nextInt(counts.size())));
  }

  /** Looks at each image once: what stores what was there before makes none. */
  private void replay(Recorded recorded, SplittableRandom random) throws IOException {
    Recording recording = recorded.recording();
    long start = System.nanoTime();
    List<Point> all = recording.points(random);
    List<Point> distinct = all.stream().filter(Point::isNew).toList();
    AtomicInteger next = new AtomicInteger();
    inParallel(
        () -> {
          Recording.Images walk = recording.new Images();
          for (int i; (i = next.getAndIncrement()) < distinct.size(); ) {
            Point point = distinct.get(i);
            String part = point.bytes() == 0 ? "" : point.bytes() + " bytes of the next store, ";
            recorded.check().run(write(walk.at(point)), part + where(recording, point.count()));
          }
        });
    points += all.size();
    distinctImages += distinct.size();
    System.out.printf(
        Locale.ROOT,
        "kill anywhere: %s: %d points looked at, %d distinct images, of %d stores at %d sites, %d keys changed, %d ms%n",
        recorded.operation().name(),
        all.size(),
        distinct.size(),
        all.stream().filter(point -> point.count() != 0 && point.bytes() == 0).count(),
        recording.sites().size(),
        recorded.check().changes(),
        (System.nanoTime() - start) / 1_000_000);
  }

  /** A part of the work of all threads. */
  private interface Work {
    void run() throws IOException;
  }

  private void inParallel(Work work) throws IOException {
    List<Callable<Object>> parts =
        Collections.nCopies(
            THREADS,
            () -> {
              work.run();
              return true;
            });
    try {
      for (Future<?> part : threads.invokeAll(parts)) {
        part.get();
      }
    } catch (ExecutionException | InterruptedException e) {
      throw new IOException("a thread of the test failed", e);
    }
  }

  private static String where(Recording recording, int count) {
    return count == 0
        ? "before all"
        : "after event "
            + count
            + " of "
            + recording.size()
            + ", "
            + recording.event(count - 1).kind()
            + " at "
            + recording.event(count - 1).position()
            + " by "
            + recording.event(count - 1).text();
  }

  private void reorder(Recorded recorded, SplittableRandom random) throws IOException {
    Recording recording = recorded.recording();
    Reorderings sample = new Reorderings(recording, REORDERINGS, random);
    inParallel(
        () -> {
          for (Reorderings.One one; (one = sample.next()) != null; ) {
            Path directory = write(recording.image(one.order()));
            recorded.check().run(directory, "reordered, " + where(recording, one.count()));
          }
        });
    reorderings += sample.found();
  }

  /** Processes that halt right after a store leave what the images said. */
  @Test
  void processesHaltAtStores() throws IOException {
    SplittableRandom random = Seeds.random("processesHaltAtStores");
    List<Recorded> recorded = List.copyOf(recorded().values());
    AtomicInteger left = new AtomicInteger(HALTS);
    inParallel(
        () -> {
          while (left.getAndDecrement() > 0) {
            halt(recorded, random);
          }
        });
    for (Recorded one : recorded) {
      one.check().assertNoFailure();
    }
    Summary.line("kill anywhere: %d processes halted at a store, 0 lost, 0 torn", HALTS);
  }

  /** At any store but the change of a name, which a recorder sees at the next one only. */
  private void halt(List<Recorded> recorded, SplittableRandom random) throws IOException {
    Recorded one;
    int count;
    synchronized (random) {
      do {
        one = recorded.get(random.nextInt(recorded.size()));
        count = random.nextInt(one.recording().size()) + 1;
      } while (one.recording().event(count - 1).isName());
    }
    Path directory = write(one.prepared());
    Path log = books.directory().resolve("log-" + images.getAndIncrement());
    try (ChildJvm child =
        ChildJvm.of(ReplayWorker.class)
            .jvmOption(StoreRecorder.OPTION)
            .jvmOption("-XX:TieredStopAtLevel=1")
            .arguments(log, count, one.operation().name(), directory)
            .start()) {
      child.awaitEnd(ChildJvm.PATIENCE);
      assertThat(child.stdoutLines()).as("halted before its end").isEmpty();
      assertThat(child.stderrLines()).isEmpty();
    }
    Files.delete(log);
    one.check().run(directory, "halted, " + where(one.recording(), count));
  }

  /** The images that come of a reordering differ: else the sample would say nothing. */
  @Test
  void reorderingsAreFound() throws IOException {
    SplittableRandom random = Seeds.random("reorderingsAreFound");
    Recording add = recorded().get("add").recording();
    int found = 0;
    for (int count = 1; count <= add.size(); count++) {
      List<StoreEvent> order = add.reordered(count, random);
      found += order != null ? 1 : 0;
      if (order != null) {
        assertThat(order).hasSize(count).doesNotHaveDuplicates();
      }
    }
    assertThat(found).isPositive();
  }
}
