package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.process.Boot;
import io.pagebook.testing.CheckedBooks;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The book of each format version that was ever released still opens, with its content. */
final class SampleBookTest {
  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  /** The sample was written under another start of the machine: its records are salvaged. */
  @Test
  void sampleIsSalvaged() throws IOException {
    BookImage sample = SampleBook.load(SampleBook.VERSION_6);
    assertThat(sample.boot()).isNotEqualTo(Boot.id());
    sample.write(books.directory(), "a.book");
    PageBook book = books.open("a.book");
    assertThat(book.created()).isFalse();
    SampleBook.verify(book);
    assertThat(Inside.memory(book).getLongPlain(BookLayout.FILE_ID_OFFSET))
        .as("the file is another one")
        .isNotEqualTo(sample.fileId());
    assertThat(book.addString(3000, "goes on")).isTrue();
    book.close();
    assertThat(BookImage.read(books.file("a.book")).boot()).isEqualTo(Boot.id());
    assertThat(books.open("a.book").getString(3000)).isEqualTo("goes on");
  }

  /** As if the machine had not been started anew: every byte is served where it lies. */
  @Test
  void sampleIsServedInPlace() throws IOException {
    BookImage sample = SampleBook.load(SampleBook.VERSION_6).fromThisBoot();
    sample.write(books.directory(), "a.book");
    books.check();
    PageBook book = books.open("a.book");
    SampleBook.verify(book);
    assertThat(Inside.memory(book).getLongPlain(BookLayout.FILE_ID_OFFSET))
        .as("the file is the same")
        .isEqualTo(sample.fileId());
    for (int id = 0; id < 400; id++) {
      book.putString(id, "over the old record of " + id);
    }
    assertThat(book.getString(399)).isEqualTo("over the old record of 399");
  }
}
