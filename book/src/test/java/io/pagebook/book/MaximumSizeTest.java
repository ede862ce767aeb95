package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.testing.CheckedBooks;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bounded book refuses what does not fit, and nothing else changes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class MaximumSizeTest {
  private static final long MAXIMUM = 8 << 20;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  /** Room that lies scattered is room: no gap is as long as a value. */
  @Test
  void largeValueGoesIntoManyGaps() {
    PageBook book =
        books.open("a.book", BookOptions.DEFAULT.withMaximumSizeBytes(2 * MAXIMUM).withShards(1));
    int gap = 36 << 10;
    int stored = fill(book, gap);
    for (int id = 0; id < stored; id += 2) {
      book.remove(id);
    }
    int size = 40 << 10;
    long room = (long) gap * stored / 2;
    int more = 0;
    for (; (more + 1L) * size < room * 3 / 4; more++) {
      assertThat(book.putBytes(-more - 10, TestBytes.of(more, size))).isFalse();
    }
    assertThat(more).isGreaterThan(100);
    for (int i = 0; i < more; i++) {
      TestBytes.assertSame(book.getBytes(-i - 10), TestBytes.of(i, size), "value " + i);
    }
  }

  /** The one is rounded up to whole pages, the other down. */
  @Test
  void initialSizeIsNeverMoreThanTheMaximum() throws IOException {
    long odd = 1_000_001;
    PageBook book =
        books.open(
            "a.book",
            BookOptions.DEFAULT.withMaximumSizeBytes(odd).withInitialSizeBytes(odd).withShards(1));
    assertThat(book.maximumSizeBytes()).isLessThanOrEqualTo(odd);
    assertThat(Files.size(book.file())).isEqualTo(book.maximumSizeBytes());
  }

  @ParameterizedTest
  @CsvSource({
    "1024, 100",
    "4096, 100",
    "4096, 3000",
    "4096, 20000",
    "4096, 300000",
    "65536, 1000",
    "65536, 90000"
  })
  void fullBookRefusesAndKeepsEverything(int pageSize, int valueSize) throws IOException {
    PageBook book =
        books.open(
            "a.book",
            BookOptions.DEFAULT.withPageSizeBytes(pageSize).withMaximumSizeBytes(MAXIMUM));
    int stored = fill(book, valueSize);
    // most of the space must be usable
    assertThat((long) stored * valueSize).isGreaterThan(MAXIMUM / 3);
    assertThat(Files.size(book.file())).isLessThanOrEqualTo(MAXIMUM);
    assertThat(book.count()).isEqualTo(stored);
    assertThat(book.contains(stored)).isFalse();
    for (int id = 0; id < stored; id++) {
      TestBytes.assertSame(book.getBytes(id), TestBytes.of(id, valueSize), "id " + id);
    }
    books.check();
    // room that is made is used
    for (int id = 0; id < stored; id += 2) {
      assertThat(book.remove(id)).isTrue();
    }
    for (int id = 0; id < stored / 2; id += 2) {
      assertThat(book.addBytes(id, TestBytes.of(-id, valueSize))).isTrue();
    }
    for (int id = 0; id < stored; id++) {
      if (id % 2 == 1) {
        TestBytes.assertSame(book.getBytes(id), TestBytes.of(id, valueSize), "id " + id);
      } else if (id < stored / 2) {
        TestBytes.assertSame(book.getBytes(id), TestBytes.of(-id, valueSize), "id " + id);
      } else {
        assertThat(book.contains(id)).isFalse();
      }
    }
    assertThat(Files.size(book.file())).isLessThanOrEqualTo(MAXIMUM);
  }

  private static int fill(PageBook book, int valueSize) {
    for (int id = 0; ; id++) {
      try {
        book.putBytes(id, TestBytes.of(id, valueSize));
      } catch (BookException.Full e) {
        assertThat(e.getMessage())
            .contains("a.book")
            .satisfiesAnyOf(
                m -> assertThat(m).contains("=" + book.maximumSizeBytes()),
                m -> assertThat(m).contains(Integer.toString(valueSize)));
        return id;
      }
    }
  }

  @Test
  void refusedReplacementLeavesTheOldValue() {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withMaximumSizeBytes(MAXIMUM));
    book.putString(-5, "old");
    fill(book, 10_000);
    assertThatThrownBy(() -> book.putBytes(-5, new byte[1_000_000]))
        .isInstanceOf(BookException.Full.class);
    assertThatThrownBy(() -> book.addBytes(-6, new byte[1_000_000]))
        .isInstanceOf(BookException.Full.class);
    assertThat(book.getString(-5)).isEqualTo("old");
    assertThat(book.contains(-6)).isFalse();
  }

  @Test
  void valueThatCanNeverFitIsTooLarge() {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withMaximumSizeBytes(MAXIMUM));
    book.putString(1, "old");
    assertThatThrownBy(() -> book.putBytes(1, new byte[(int) MAXIMUM + 1]))
        .isInstanceOf(BookException.TooLarge.class)
        .hasMessageContaining("valueBytes=" + (MAXIMUM + 1))
        .hasMessageContaining("a.book")
        .hasMessageContaining("; create the book with a larger maximum size");
    assertThat(book.getString(1)).isEqualTo("old");
    assertThat(book.putString(1, "new")).isTrue();
  }

  @Test
  void fullBookReplacesInPlaceOfWhatItHas() {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withMaximumSizeBytes(MAXIMUM));
    int stored = fill(book, 1000);
    for (int id = 0; id < stored / 10; id++) {
      book.remove(id);
    }
    // ten times the book's size passes through the tenth that is free
    for (int round = 1; round <= 10; round++) {
      for (int id = stored / 10; id < stored; id++) {
        assertThat(book.putBytes(id, TestBytes.of(round + id, 1000))).isTrue();
      }
    }
    for (int id = stored / 10; id < stored; id++) {
      TestBytes.assertSame(book.getBytes(id), TestBytes.of(10 + id, 1000), "id " + id);
    }
  }
}
