package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.RemoteBook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vacuum gives the unused pages back to the file system. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class VacuumTest {
  private static final int COUNT = 4000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  private static byte[] value(int id) {
    return TestBytes.of(id, id % 100 == 0 ? 150_000 : 3000 + id % 1000);
  }

  private static long fillAndThin(PageBook book) {
    for (int id = 0; id < COUNT; id++) {
      book.putBytes(id, value(id));
    }
    long live = 0;
    for (int id = 0; id < COUNT; id++) {
      if (id % 10 == 0) {
        live += value(id).length;
      } else {
        book.remove(id);
      }
    }
    return live;
  }

  private static void verify(PageBook book) {
    for (int id = 0; id < COUNT; id++) {
      if (id % 10 == 0) {
        TestBytes.assertSame(book.getBytes(id), value(id), "id " + id);
      } else {
        assertThat(book.contains(id)).isFalse();
      }
    }
    assertThat(book.count()).isEqualTo(COUNT / 10);
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 10, 1 << 12, 1 << 16})
  void fileReallyShrinks(int pageSize) throws IOException {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withPageSizeBytes(pageSize));
    long live = fillAndThin(book);
    long before = Files.size(book.file());
    long given = book.vacuum();
    long after = Files.size(book.file());
    assertThat(given).isEqualTo(before - after);
    assertThat(after).isLessThan(before / 2);
    // live data, the smallest book, and room for the next writes
    assertThat(after).isLessThan(live * 3 / 2 + (4 << 20));
    assertThat(book.fileBytes()).isEqualTo(after);
    verify(book);
    book.putString(1, "goes on");
    assertThat(book.getString(1)).isEqualTo("goes on");
    assertThat(book.remove(1)).isTrue();
    book.close();
    verify(books.open("a.book"));
  }

  @Test
  void othersGoOnInTheNewFile() {
    PageBook book = books.open("a.book");
    PageBook other = books.open("a.book");
    try (RemoteBook remote = RemoteBook.open(books.file("a.book"), Duration.ofSeconds(10))) {
      fillAndThin(book);
      CheckedValue kept = new CheckedValue(COUNT + 1, 1, 1, 50_000);
      remote.put(kept).value();
      assertThat(book.vacuum()).isPositive();
      assertThat(remote.get(COUNT + 1)).isEqualTo(kept);
      assertThat(remote.count()).isEqualTo(COUNT / 10 + 1);
      CheckedValue later = new CheckedValue(COUNT + 1, 1, 2, 60_000);
      remote.put(later).value();
      assertThat(CheckedValue.decode(COUNT + 1, other.getBytes(COUNT + 1))).isEqualTo(later);
      other.putString(COUNT + 2, "by the other handle");
      assertThat(remote.getString(COUNT + 2)).isEqualTo("by the other handle");
      assertThat(book.getString(COUNT + 2)).isEqualTo("by the other handle");
      assertThat(Long.parseLong(remote.call("vacuum").value())).isNotNegative();
      assertThat(other.remove(COUNT + 1)).isTrue();
      assertThat(other.remove(COUNT + 2)).isTrue();
      verify(other);
      assertThat(remote.get(COUNT + 1)).isNull();
    }
  }

  @Test
  void emptyBookShrinksToTheSmallest() throws IOException {
    PageBook book = books.open("a.book");
    for (int id = 0; id < 100; id++) {
      book.putBytes(id, new byte[200_000]);
    }
    for (int id = 0; id < 100; id++) {
      book.remove(id);
    }
    assertThat(book.vacuum()).isGreaterThan(15_000_000);
    assertThat(Files.size(book.file())).isLessThan(5_000_000);
    assertThat(book.count()).isZero();
    assertThat(book.addString(1, "one")).isTrue();
  }

  @Test
  void vacuumOfATightBookIsHarmless() {
    PageBook book = books.open("a.book");
    book.putString(1, "one");
    for (int i = 0; i < 3; i++) {
      assertThat(book.vacuum()).isNotNegative();
      assertThat(book.getString(1)).isEqualTo("one");
      assertThat(book.putString(1, "one")).isTrue();
    }
  }

  /** Who finds it arriving may be as late as the next vacuum, whose link is not its own. */
  @Test
  void linkOfTheNextVacuumStays() throws IOException {
    PageBook book = books.open("a.book");
    BookHeader header = book.openBook().file().header();
    Inside.withoutHousekeeper(book);
    String next = Vacuum.oldPrefix(header.bookId()) + Long.toHexString(NewFile.randomId());
    Path link = Files.createLink(books.directory().resolve(next), book.file());
    String own = Vacuum.oldPrefix(header.bookId()) + Long.toHexString(header.fileId());
    Inside.memory(book).putLongVolatile(BookLayout.STATE_OFFSET, BookLayout.STATE_ARRIVING);
    book.putString(1, "one");
    assertThat(link).exists();
    Files.createLink(books.directory().resolve(own), book.file());
    assertThat(book.vacuum()).isNotNegative();
    assertThat(books.directory().resolve(own)).as("left by somebody").doesNotExist();
    assertThat(link).as("left by somebody").doesNotExist();
  }

  /** Whoever ends what a dead one began may find it ended, and the book two files further. */
  @Test
  void fileThatTheBookHasLeftNeverServesAgain() {
    PageBook late = books.open("a.book");
    Inside.withoutHousekeeper(late);
    PageMemory left = Inside.memory(late);
    PageBook book = books.open("a.book");
    fillAndThin(book);
    assertThat(book.vacuum()).isPositive();
    left.putLongVolatile(BookLayout.MOVE_TARGET_OFFSET, NewFile.randomId()); // another than now
    left.putLongVolatile(BookLayout.STATE_OFFSET, BookLayout.STATE_MOVING);
    late.putString(1, "one");
    assertThat(left.getLongVolatile(BookLayout.STATE_OFFSET)).isEqualTo(BookLayout.STATE_MOVED);
    assertThat(book.getString(1)).isEqualTo("one");
  }

  @Test
  void nothingIsLeftBesideTheBook() throws IOException {
    PageBook book = books.open("a.book");
    fillAndThin(book);
    long files = count();
    book.vacuum();
    assertThat(count()).isEqualTo(files);
  }

  private long count() throws IOException {
    try (var files = Files.list(books.directory())) {
      return files.count();
    }
  }
}
