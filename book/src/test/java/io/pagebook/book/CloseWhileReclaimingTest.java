package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A closed book's housekeeper no longer works for it: under locks that its participant, who has
 * left, seems to hold no more, it would delete the file that the next process's vacuum has just
 * written.
 */
@Timeout(120)
final class CloseWhileReclaimingTest {
  private static final int LEFTOVERS = 10_000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inSharedMemory();

  @Test
  void closingWaitsForTheSweep() throws IOException {
    PageBook book = books.open("a.book", BookOptions.DEFAULT);
    String prefix = NewFile.prefix(book.openBook().file().header().bookId());
    for (int i = 0; i < LEFTOVERS; i++) {
      Files.createFile(books.file(prefix + i));
    }
    Inside.addKilled(book);
    Awaitility.await()
        .pollDelay(0, TimeUnit.MILLISECONDS)
        .pollInterval(1, TimeUnit.MILLISECONDS)
        .until(() -> leftovers(prefix) < LEFTOVERS);
    book.close();
    assertThat(leftovers(prefix)).as("deleted before close returned").isZero();
  }

  private long leftovers(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(books.directory())) {
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).count();
    }
  }
}
