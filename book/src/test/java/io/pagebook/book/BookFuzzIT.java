package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Seeds;
import io.pagebook.testing.Summary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the bytes of a book are, each call on it ends: in a value that was written, a miss that
 * is counted, or a {@link BookException}. Children damage and use books, many each, with a small
 * heap; one that hangs or dies has found something.
 */
@Timeout(value = 36_000, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BookFuzzIT {
  private static final boolean STRESS = Boolean.getBoolean("pagebook.stress");
  private static final int SAMPLE = Integer.getInteger("pagebook.fuzz", STRESS ? 50_000 : 100);
  private static final int MOST_CHILDREN = 20;
  private static final Duration PATIENCE = Duration.ofHours(STRESS ? 4 : 1);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inSharedMemory();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void damagedAnyhow(boolean bounded) throws IOException {
    fuzz(bounded, false, SAMPLE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @EnabledIfSystemProperty(
      named = "pagebook.stress",
      matches = "true",
      disabledReason = "each byte once takes hours: -Pstress")
  void everyByteOfTheStructure(boolean bounded) throws IOException {
    fuzz(bounded, true, Integer.MAX_VALUE);
  }

  private void fuzz(boolean bounded, boolean exhaustive, int cases) throws IOException {
    Path directory = books.directory();
    books.doNotCheck(books.file("base.book"));
    books.doNotCheck(books.file("f.book"));
    long seed = Seeds.seed("damaged books, bounded " + bounded);
    List<String> failures = new ArrayList<>();
    String done = "";
    int from = 0;
    for (int child = 0; child < MOST_CHILDREN && done.isEmpty(); child++) {
      try (ChildJvm jvm =
          ChildJvm.of(BookFuzzer.class)
              .heap("48m")
              .seed(seed)
              .arguments(directory, bounded, exhaustive, from, cases)
              .start()) {
        int exit = jvm.awaitEnd(PATIENCE);
        for (String line : jvm.stdoutLines()) {
          if (line.startsWith("FAIL")) {
            failures.add(line);
          } else if (line.startsWith("DONE")) {
            done = line;
          }
        }
        from =
            (int) ByteBuffer.wrap(Files.readAllBytes(directory.resolve("progress"))).getLong() + 1;
        if (exit != 0 && exit != BookFuzzer.EXIT_HANG) {
          failures.add(
              "FAIL the JVM died: exit=" + exit + ", case=" + (from - 1) + "\n" + jvm.transcript());
        }
      }
    }
    assertThat(failures).as("seed %d", seed).isEmpty();
    assertThat(done).as("seed %d", seed).startsWith("DONE").doesNotContain("values=0 ");
    assertThat(field(done, "uncounted")) // by chance, one in 1,024 of those that damage the index
        .as("damages whose misses nobody counted: %s, seed %d", done, seed)
        .isLessThanOrEqualTo(2 + field(done, "damaged") / 500);
    Summary.line(
        "damaged books (bounded %s, %s): %d cases, %s",
        bounded, exhaustive ? "each byte" : "sample", from, done);
  }

  private static long field(String line, String name) {
    return Long.parseLong(line.replaceFirst(".* " + name + "=(\\d+).*", "$1"));
  }
}
