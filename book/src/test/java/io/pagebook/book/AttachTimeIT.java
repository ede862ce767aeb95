package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.RemoteBook;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How long a JVM takes to attach to a book, by the book's size: printed, for a person to compare.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AttachTimeIT {
  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  @ParameterizedTest
  @ValueSource(ints = {10_000, 300_000})
  void attach(int entries) {
    try (PageBook book = books.open("a.book")) {
      byte[] value = TestBytes.of(1, 100);
      for (int id = 0; id < entries; id++) {
        book.putBytes(id, value);
      }
      books.open("warm-up.book").close();
      System.out.printf(
          Locale.ROOT,
          "book of %d entries: %.1f bytes of file each%n",
          entries,
          (double) book.fileBytes() / entries);
    }
    List<String> warm = new ArrayList<>();
    try (RemoteBook remote = RemoteBook.start()) {
      // class loading is not what we measure
      remote.openBook(books.file("warm-up.book"), BookOptions.DEFAULT).value();
      remote.closeBook().value();
      for (int i = 0; i < 5; i++) {
        RemoteBook.Answer answer = remote.openBook(books.file("a.book"), BookOptions.DEFAULT);
        assertThat(answer.value()).startsWith("attached");
        warm.add(ms(answer));
        assertThat(remote.count()).isEqualTo(entries);
        remote.closeBook().value();
      }
    }
    try (RemoteBook remote = RemoteBook.start()) {
      RemoteBook.Answer answer = remote.openBook(books.file("a.book"), BookOptions.DEFAULT);
      System.out.println(
          "attach to "
              + entries
              + " entries: "
              + warm
              + " ms; with class loading "
              + ms(answer)
              + " ms");
    }
  }

  private static String ms(RemoteBook.Answer answer) {
    return String.format(Locale.ROOT, "%.2f", answer.taken().toNanos() / 1e6);
  }
}
