package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.layout.SideFileLayout;
import io.pagebook.book.process.SideFile;
import io.pagebook.testing.CheckedBooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What creators leave that died is deleted by the next one; what a living one writes is not. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class UnbornBooksTest {
  private static final long ID = 0x2_3456_789A_BCDEL;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  @Test
  void theDeadCreatorsFileGoesWithTheNextCreation() throws IOException {
    books.open("first.book").close();
    Path unborn = Files.write(books.file(NewFile.creationName(ID)), new byte[10_000]);
    Path sideFile = Files.createFile(books.file(SideFile.TEMPORARY_PREFIX + 123_456_789_012_345L));
    Path others = Files.createFile(books.file(NewFile.creationName(ID) + "-of-somebody-else"));
    Path backup = Files.createFile(books.file(SideFile.TEMPORARY_PREFIX + "20261127"));
    Path directory = Files.createDirectory(books.file(NewFile.creationName(ID + 1)));
    books.open("first.book").close();
    assertThat(unborn).as("attaching deletes nothing").exists();
    books.open("second.book").close();
    assertThat(unborn).doesNotExist();
    assertThat(sideFile).doesNotExist();
    assertThat(others).as("not a name that Pagebook gives").exists();
    assertThat(backup).as("not a name that Pagebook gives").exists();
    assertThat(directory).as("no file").exists();
    books.doNotCheck(others);
    books.doNotCheck(backup);
    books.doNotCheck(directory);
  }

  @Test
  void theLivingCreatorsFileStays() throws IOException {
    books.open("first.book").close();
    Path unborn = Files.write(books.file(NewFile.creationName(ID)), new byte[10_000]);
    try (SideFile creator = SideFile.open(books.directory(), false)) {
      long right = SideFileLayout.maintenancePosition(ID);
      assertThat(creator.tryLock(right)).isTrue();
      books.open("second.book").close();
      assertThat(unborn).exists();
      creator.unlock(right);
      books.open("third.book").close();
      assertThat(unborn).doesNotExist();
    }
  }

  @Test
  void aSecondNameOfABookGoesWithItsVacuum() throws IOException {
    PageBook book = books.open("first.book");
    long id = book.openBook().file().header().bookId();
    Path second = books.file(NewFile.creationName(id));
    Files.createLink(second, books.file("first.book"));
    book.putString(1, "one");
    book.vacuum();
    assertThat(second).doesNotExist();
    assertThat(book.getString(1)).isEqualTo("one");
  }
}
