package io.pagebook.stress.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.BookChecker;
import io.pagebook.book.BookOptions;
import io.pagebook.book.Inside;
import io.pagebook.book.PageBook;
import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.SlotLayout;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Seeds;
import io.pagebook.testing.Summary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * This process stays while others come and go, by their own will or by SIGKILL, all of them
 * churning, on a book and on a cache with near-caches; {@code -Dsoak.minutes=N} says for how long.
 * Space, descriptors, heap and threads must be level: what is measured in the second half may not
 * exceed the first half by more than the margins below, whatever the length of the run. Mappings
 * must be no more than the files as they are can need.
 */
@Timeout(value = 24 * 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SoakIT {
  private static final boolean LONG = Boolean.getBoolean("pagebook.stress");
  private static final double MINUTES =
      Double.parseDouble(System.getProperty("soak.minutes", LONG ? "60" : "0.2"));
  private static final int SAMPLES = LONG ? 20 : 4;
  private static final int VISITORS = 2;
  private static final int LONGEST_VISIT_MS = LONG ? 8000 : 1500;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Of a file that grows, or is replaced, while the sample is taken. */
  private static final int MAPPINGS_MARGIN = 8;

  /** Of the parent's pipes to children: three each, while one is replaced. */
  private static final int DESCRIPTORS_MARGIN = 3 * VISITORS + 4;

  /** Pumps and reapers of children that come and go. */
  private static final int THREADS_MARGIN = 3 * VISITORS + 2;

  /** What is live varies by some values of 20 MB, and so does what is dead and not yet cleaned. */
  private static final long SPACE_MARGIN_BYTES = 96L << 20;

  private static final long HEAP_MARGIN_BYTES = 24L << 20;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private final SplittableRandom random = Seeds.random("SoakIT");
  private final BlockingQueue<String> violations = new LinkedBlockingQueue<>();
  private final AtomicLong steps = new AtomicLong();
  private final AtomicLong vacuums = new AtomicLong();
  private final ChildJvm[] visitors = new ChildJvm[VISITORS];
  private volatile boolean stopped;
  private volatile long cachedHits;
  private volatile long nearHits;
  private volatile List<String> cacheViolations = List.of();
  private PageBook book;
  private int visits;
  private int kills;

  @Test
  void everythingIsLevel() throws Exception {
    book = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(PATIENCE));
    CachedChurn.configure(books.directory());
    Thread resident = new Thread(this::churn, "resident");
    resident.start();
    List<Sample> samples = new ArrayList<>();
    try {
      long start = System.nanoTime();
      long nanos = (long) (MINUTES * 60e9);
      for (int sample = 1; sample <= SAMPLES; sample++) {
        comeAndGo(start + nanos / SAMPLES * sample);
        samples.add(Sample.take((System.nanoTime() - start) / 1_000_000_000, book));
        System.out.println(Sample.HEADER + "\n" + samples.get(samples.size() - 1));
      }
    } finally {
      stopped = true;
      resident.join();
      for (ChildJvm visitor : visitors) {
        if (visitor != null) {
          visitor.close();
        }
      }
    }
    failOn(violations.poll());
    report(samples);
    assertThat(cacheViolations).isEmpty();
    assertThat(cachedHits).as("values that the cache had").isPositive();
    assertThat(nearHits).as("values that the near-cache had").isPositive();
    judge(samples);
    onlyWeAreLeft();
    book.vacuum();
    assertSmall(book);
  }

  /** After a vacuum, and what others wrote meanwhile. */
  private static void assertSmall(PageBook vacuumed) {
    assertThat(vacuumed.fileBytes()).isLessThan(vacuumed.usedBytes() * 115 / 100 + (3 << 20));
  }

  private void churn() {
    Churn churn = new Churn(book, random.split());
    try (CachedChurn cached = CachedChurn.open(books.directory(), random.split())) {
      while (!stopped) {
        churn.step();
        cached.step();
        steps.incrementAndGet();
      }
      cachedHits = cached.hits();
      nearHits = cached.nearHits();
      cacheViolations = BookChecker.check(cached.book().file()).violations();
      cached.book().vacuum();
      assertSmall(cached.book());
    } catch (RuntimeException | Error e) {
      e.printStackTrace();
      violations.add("resident: " + e);
    }
  }

  private void comeAndGo(long until) throws InterruptedException {
    while (System.nanoTime() - until < 0) {
      int i = random.nextInt(VISITORS);
      if (visitors[i] != null) {
        leave(visitors[i]);
      }
      visitors[i] = come();
      failOn(violations.poll(random.nextInt(LONGEST_VISIT_MS), TimeUnit.MILLISECONDS));
    }
  }

  private ChildJvm come() {
    visits++;
    ChildJvm visitor =
        ChildJvm.of(Visitor.class)
            .heap("256m")
            .seed(random.nextLong())
            .arguments(book.file(), books.directory())
            .listener(
                line -> {
                  if (line.startsWith(Visitor.VIOLATION)) {
                    violations.add(line);
                  } else if (line.equals("vacuumed")) {
                    vacuums.incrementAndGet();
                  }
                })
            .start();
    return visitor;
  }

  private void leave(ChildJvm visitor) {
    if (random.nextBoolean()) {
      kills++;
      visitor.kill();
    } else {
      visitor.send("go");
      assertThat(visitor.awaitEnd(PATIENCE)).as(visitor::transcript).isZero();
    }
    visitor.close();
  }

  private void failOn(String violation) {
    if (violation != null) {
      throw new AssertionError(violation);
    }
  }

  private void report(List<Sample> samples) {
    Summary.line(
        "soak: %.1f minutes, %d steps here, %d values from the cache, %d of them from the near-cache, %d visits, %d of them ended by a kill,"
            + " %d vacuums%n%s%n%s",
        MINUTES,
        steps.get(),
        cachedHits,
        nearHits,
        visits,
        kills,
        vacuums.get(),
        Sample.HEADER,
        samples.stream().map(Sample::toString).collect(Collectors.joining("\n")));
  }

  private static void judge(List<Sample> samples) {
    for (Sample sample : samples) { // a book that has grown in many steps since its vacuum has more
      assertThat(sample.mappings())
          .as("mappings of %s", sample)
          .isLessThanOrEqualTo(sample.windows() + MAPPINGS_MARGIN);
    }
    Sample before = highest(samples.subList(0, samples.size() / 2));
    Sample after = highest(samples.subList(samples.size() / 2, samples.size()));
    assertThat(after.directoryBytes()).isLessThan(before.directoryBytes() + SPACE_MARGIN_BYTES);
    assertThat(after.deletedMappings()).isLessThanOrEqualTo(MAPPINGS_MARGIN);
    assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + DESCRIPTORS_MARGIN);
    assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + THREADS_MARGIN);
    assertThat(after.heapBytes()).isLessThan(before.heapBytes() + HEAP_MARGIN_BYTES);
  }

  /** The largest of each. */
  private static Sample highest(List<Sample> samples) {
    return new Sample(
        0,
        samples.stream().mapToLong(Sample::directoryBytes).max().orElse(0),
        samples.stream().mapToLong(Sample::liveBytes).max().orElse(0),
        samples.stream().mapToInt(Sample::mappings).max().orElse(0),
        samples.stream().mapToInt(Sample::windows).max().orElse(0),
        samples.stream().mapToInt(Sample::deletedMappings).max().orElse(0),
        samples.stream().mapToInt(Sample::descriptors).max().orElse(0),
        samples.stream().mapToInt(Sample::threads).max().orElse(0),
        samples.stream().mapToLong(Sample::heapBytes).max().orElse(0));
  }

  /** Whoever has left, or died, holds no slot for long. */
  private void onlyWeAreLeft() {
    Awaitility.await("slots of the others are empty")
        .atMost(PATIENCE)
        .until(
            () -> {
              int used = 0;
              for (int slot = 0; slot < BookLayout.SLOTS; slot++) {
                long at = Inside.geometry(book).slot(slot) + SlotLayout.WORD_OFFSET;
                long word = Inside.memory(book).getLongVolatile(at);
                used += SlotLayout.state(word) != SlotLayout.STATE_EMPTY ? 1 : 0;
              }
              return used == 1;
            });
  }
}
