package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Some open a book, and create it, that others destroy. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DestroyRaceTest {
  private static final int OPENERS = 2;
  private static final int ROUNDS = 1000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  /** None of them is told of anything but success. */
  @Test
  void openersAndDestroyersDoNotDisturbEachOther() {
    Path file = books.file("a.book");
    AtomicInteger created = new AtomicInteger();
    AtomicInteger destroyed = new AtomicInteger();
    AtomicInteger opening = new AtomicInteger(OPENERS);
    try (Workers workers = new Workers()) {
      for (int i = 0; i < OPENERS; i++) {
        workers.start(
            "opener",
            () -> {
              try {
                for (int round = 0; round < ROUNDS; round++) {
                  try (PageBook book = PageBook.open(file)) {
                    created.addAndGet(book.created() ? 1 : 0);
                  }
                }
              } finally {
                opening.decrementAndGet();
              }
            });
        workers.start(
            "destroyer",
            () -> {
              while (opening.get() > 0) {
                destroyed.addAndGet(PageBook.destroy(file) ? 1 : 0);
              }
            });
      }
      workers.join();
    }
    destroyed.addAndGet(PageBook.destroy(file) ? 1 : 0);
    assertThat(destroyed.get()).as("times destroyed").isPositive();
    assertThat(created.get()).as("times created, as told").isLessThanOrEqualTo(destroyed.get());
    assertThat(file).doesNotExist();
  }
}
