package io.pagebook.stress.vacuum;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.BookOptions;
import io.pagebook.book.PageBook;
import io.pagebook.stress.Stress;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Seeds;
import io.pagebook.testing.Summary;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A book that was full gives its space back while four JVMs go on reading and writing. */
@Timeout(value = 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class VacuumUnderFireIT {
  private static final long FILL_BYTES = (long) Stress.choose(64, 1024) << 20;

  /** Of so many keys one is kept. */
  private static final int KEPT = 5;

  private static final double MOST_FOR_LIVE = 1.15;

  /**
   * What does not grow with the book and so weighs only in the short form: header and first index,
   * a log segment of 64 KiB that the copy ended in and one that the writers began since, for each
   * of 16 shards, and a growth step.
   */
  private static final long FIXED_BYTES = (long) Stress.choose(3, 0) << 20;

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  @Test
  void fileIsLittleLargerThanWhatLives() throws Exception {
    SplittableRandom random = Seeds.random("fileIsLittleLargerThanWhatLives");
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(PATIENCE));
    int kept = fillAndThin(book);
    List<ChildJvm> workers = new ArrayList<>();
    for (int worker = 0; worker < FireWorker.WORKERS; worker++) {
      workers.add(
          books.closing(
              ChildJvm.of(FireWorker.class)
                  .seed(random.nextLong())
                  .arguments(book.file(), worker, KEPT, kept)
                  .start()));
    }
    workers.forEach(worker -> worker.awaitLine(FireWorker.WORKING, PATIENCE));
    long before = Files.size(book.file());
    long start = System.nanoTime();
    book.vacuum();
    long vacuumNanos = System.nanoTime() - start;
    long after = Files.size(book.file());
    long live = book.usedBytes();
    workers.forEach(worker -> worker.send("stop"));
    long[] sums = new long[2];
    long[] longest = new long[2];
    for (ChildJvm worker : workers) {
      String[] result = worker.awaitLine(FireWorker.RESULT, PATIENCE).split(" ", -1);
      assertThat(worker.awaitEnd(PATIENCE)).as("exit code of %s", worker.transcript()).isZero();
      for (int i = 0; i < 2; i++) {
        sums[i] += Long.parseLong(result[1 + i]);
        longest[i] = Math.max(longest[i], Long.parseLong(result[3 + i]));
      }
    }
    Summary.line(
        "vacuum under fire: file %d KiB to %d KiB in %d ms, live %d KiB, ratio %.3f; %d writes and"
            + " %d reads by %d JVMs; longest pause of a writer %d ms, of a reader %d ms",
        before >> 10,
        after >> 10,
        vacuumNanos / 1_000_000,
        live >> 10,
        (double) after / live,
        sums[0],
        sums[1],
        FireWorker.WORKERS,
        longest[0] / 1_000_000,
        longest[1] / 1_000_000);
    assertThat(before).isGreaterThan(FILL_BYTES);
    assertThat(after).isLessThanOrEqualTo((long) (live * MOST_FOR_LIVE) + FIXED_BYTES);
    assertThat(book.count()).isEqualTo(kept);
  }

  /** Returns how many are kept: key 0, {@link #KEPT}, twice that, and so on. */
  private static int fillAndThin(PageBook book) {
    int key = 0;
    for (long filled = 0; filled < FILL_BYTES; key++) {
      int length = FireWorker.length(key);
      book.putBytes(key, new CheckedValue(key, -1, 0, length).encode());
      filled += length;
    }
    for (int id = 0; id < key; id++) {
      if (id % KEPT != 0) {
        book.remove(id);
      }
    }
    return (key + KEPT - 1) / KEPT;
  }
}
