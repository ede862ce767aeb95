package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import io.pagebook.testing.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Death is routine: {@code kill -9} of processes in the middle of everything. */
@Timeout(value = 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CrashIT {
  private static final int BIG = 3 << 20;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  @Test
  void killsDuringReadsAndWrites() throws IOException, InterruptedException {
    new KillLoop("kills during reads and writes", books, false).run(20, BookOptions.DEFAULT);
  }

  @Test
  void killsDuringVacuumsAndBookWideLocksToo() throws IOException, InterruptedException {
    new KillLoop("kills during everything", books, true).run(10, BookOptions.DEFAULT);
  }

  @Test
  void killsOnOneShardOfSmallPages() throws IOException, InterruptedException {
    new KillLoop("kills on one shard of small pages", books, false)
        .run(6, BookOptions.DEFAULT.withPageSizeBytes(1 << 10).withShards(1));
  }

  @Test
  void killsDuringEvictions() throws IOException, InterruptedException {
    new KillLoop("kills during evictions", books, false)
        .run(
            8,
            BookOptions.DEFAULT
                .withMaximumSizeBytes(6 << 20)
                .withMaximumEntries(60)
                .withOnFull(BookOptions.OnFull.EVICT));
  }

  /** A child that replaces one big value without end. */
  static final class BigWriter {
    private BigWriter() {}

    public static void main(String[] args) {
      Parent parent = Parent.connect();
      PageBook book = PageBook.open(Path.of(args[0]));
      for (long sequence = Long.parseLong(args[1]); ; sequence++) {
        book.putBytes(1, new CheckedValue(1, 1, sequence, BIG).encode());
        parent.say("stored " + sequence);
      }
    }
  }

  @Test
  void spaceOfTheDeadComesBack() {
    SplittableRandom random = Seeds.random("spaceOfTheDeadComesBack");
    PageBook book = books.open("a.book", BookOptions.DEFAULT);
    int deaths = 15;
    long sequence = 1;
    for (int death = 0; death < deaths; death++) {
      try (ChildJvm child =
          ChildJvm.of(BigWriter.class).arguments(books.file("a.book"), sequence).start()) {
        child.awaitLine("stored");
        // somewhere in one of the next puts
        spin(random.nextInt(10_000_000));
        child.kill();
        String last = child.stdoutLines().get(child.stdoutLines().size() - 1);
        long acknowledged = Long.parseLong(last.substring("stored ".length()));
        long found = CheckedValue.decode(1, book.getBytes(1)).sequence();
        assertThat(found).isBetween(acknowledged, acknowledged + 1);
        sequence = found + 1;
      }
    }
    assertThat(book.count()).isEqualTo(1);
    assertThat(book.usedBytes()).isBetween((long) BIG, BIG + 1000L);
    System.out.println(
        "file after " + deaths + " deaths in puts of 3 MiB: " + (book.fileBytes() >> 10) + " KiB");
    // one value, one being written, and what growth takes ahead; a leak of one value a death would
    // be 90 MiB
    assertThat(book.fileBytes()).isLessThan(10L * BIG);
    assertThat(book.vacuum()).isNotNegative();
    assertThat(book.fileBytes()).isLessThan(BIG + (5L << 20));
  }

  private static void spin(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  /** A child that adds one small record after the other, so that the index splits all the time. */
  static final class Adder {
    private Adder() {}

    public static void main(String[] args) throws IOException {
      Parent parent = Parent.connect();
      PageBook book = PageBook.open(Path.of(args[0]));
      CrashLog log = new CrashLog(Path.of(args[1]));
      parent.say("adding");
      for (int id = (int) log.begun(0) + 1; ; id++) {
        log.begin(0, id);
        book.putBytes(id, new CheckedValue(id, 1, id, 40).encode());
        log.finish(0, id);
      }
    }
  }

  @Test
  void killsWhileTheIndexGrows() throws IOException {
    SplittableRandom random = Seeds.random("killsWhileTheIndexGrows");
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withShards(1));
    Path logFile = books.directory().resolve("a.log");
    CrashLog log = new CrashLog(logFile);
    int deaths = 20;
    for (int death = 0; death < deaths; death++) {
      try (ChildJvm child =
          ChildJvm.of(Adder.class).arguments(books.file("a.book"), logFile).start()) {
        child.awaitLine("adding");
        long target = log.finished(0) + random.nextInt(200);
        Awaitility.await("records are added")
            .atMost(ChildJvm.PATIENCE)
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofNanos(500_000))
            .until(() -> log.finished(0) > target || !child.isAlive());
        child.kill();
      }
      books.check();
      int begun = (int) log.begun(0);
      int missing = 0;
      for (int id = 1; id <= begun; id++) {
        byte[] bytes = book.getBytes(id);
        if (bytes != null) {
          CheckedValue.decode(id, bytes);
        } else {
          missing++;
        }
      }
      // each death may have taken with it the one record that it was adding
      assertThat(missing)
          .as("records of %s that are missing after %s deaths", begun, death + 1)
          .isLessThanOrEqualTo(death + 1);
      assertThat(book.count()).isEqualTo(begun - missing);
    }
    System.out.println("records added through " + deaths + " deaths: " + log.begun(0));
    assertThat(log.begun(0)).isGreaterThan(20L * deaths);
  }
}
