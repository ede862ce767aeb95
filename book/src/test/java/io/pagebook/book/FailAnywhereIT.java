package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.memory.StoreRecorder;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Seeds;
import io.pagebook.testing.Summary;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A thread may fail behind a plain or release store or a fence of an operation, as by an
 * OutOfMemoryError: its process goes on with the book, each key has its old or its new value, no
 * lock stays held and no page is lost. Of the operations that are replayed some have only volatile
 * stores and compare-and-sets, behind which nothing can fail, see {@code FailingStore}.
 */
final class FailAnywhereIT {
  /** Stores of an operation that are tried. */
  private static final int MOST = KillAnywhereIT.LONG ? Integer.MAX_VALUE : 30;

  /** For one operation. */
  private static final Duration PATIENCE = Duration.ofMinutes(KillAnywhereIT.LONG ? 30 : 2);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inSharedMemory();

  @Test
  void aThreadMayFailBehindAStore() {
    Set<String> names = new TreeSet<>();
    int tried = 0;
    int points = 0;
    int thrown = 0;
    try (ChildJvm child =
        ChildJvm.of(FailWorker.class)
            .jvmOption(StoreRecorder.OPTION)
            .heap("256m")
            .arguments(books.directory(), Seeds.random("FailAnywhereIT").nextLong(), MOST)
            .start()) {
      for (String line = child.nextLine(PATIENCE);
          !line.equals("done");
          line = child.nextLine(PATIENCE)) {
        String[] words = line.split(" ", 4);
        if (words[0].equals("operation")) {
          tried += words[1].equals("0") ? 0 : 1;
          points += Integer.parseInt(words[1]);
          thrown += Integer.parseInt(words[2]);
          names.add(words[3]);
        }
      }
    }
    assertThat(names).isEqualTo(new TreeSet<>(ReplayedOperation.all().keySet()));
    assertThat(thrown).as("calls that failed").isGreaterThan(points / 2);
    Summary.line(
        "fail anywhere: %d operations, %d stores, %d calls that failed there, 0 lost, 0 torn",
        tried, points, thrown);
  }
}
