package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.testing.CheckedBooks;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads into the caller's buffer: as much as fits, and not a byte beside it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ReadIntoBufferTest {
  private static final byte UNTOUCHED = 0x5A;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  @ParameterizedTest
  @CsvSource({
    "100, 1024",
    "1024, 1024",
    "5000, 1024",
    "5000, 4096",
    "70000, 4096",
    "300000, 4096",
    "300000, 65536"
  })
  void copiesWhatFitsAndTellsTheWholeLength(int length, int pageSize) {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withPageSizeBytes(pageSize));
    byte[] value = TestBytes.of(length, length);
    book.putBytes(1, value);
    int[] rooms = {
      0,
      1,
      7,
      8,
      9,
      63,
      length / 3,
      pageSize - 1,
      pageSize,
      pageSize + 1,
      2 * pageSize,
      65_536,
      65_537,
      length - 1,
      length,
      length + 1,
      length + 5000
    };
    for (int room : rooms) {
      check(book, value, ByteBuffer.allocate(room + 20), 10, room);
      check(book, value, ByteBuffer.allocateDirect(room + 20), 10, room);
      check(book, value, ByteBuffer.allocate(room + 40).position(7).slice(), 10, room);
    }
  }

  private static void check(PageBook book, byte[] value, ByteBuffer dst, int from, int room) {
    for (int i = 0; i < dst.capacity(); i++) {
      dst.put(i, UNTOUCHED);
    }
    dst.position(from).limit(from + room);
    int copied = Math.min(room, value.length);
    assertThat(book.read(1, dst)).isEqualTo(value.length);
    assertThat(dst.position()).as("position after, room %s", room).isEqualTo(from + copied);
    assertThat(dst.limit()).isEqualTo(from + room);
    byte[] expected = new byte[dst.capacity()];
    Arrays.fill(expected, UNTOUCHED);
    System.arraycopy(value, 0, expected, from, copied);
    byte[] actual = new byte[dst.capacity()];
    dst.clear().get(actual);
    TestBytes.assertSame(actual, expected, "room " + room + ", direct " + dst.isDirect());
  }

  @Test
  void stringsAreReadAsStored() {
    PageBook book = books.open("a.book");
    book.putString(1, "a\u00E4");
    ByteBuffer dst = ByteBuffer.allocate(8);
    assertThat(book.read(1, dst)).isEqualTo(2);
    assertThat(Arrays.copyOf(dst.array(), 2)).containsExactly('a', 0xE4);
    book.putString(1, "a\u20AC");
    dst.clear();
    assertThat(book.read(1, dst)).isEqualTo(4);
    assertThat(Arrays.copyOf(dst.array(), 4)).containsExactly('a', 0, 0xAC, 0x20);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100_000})
  void readOnlyBufferIsRefused(int length) {
    PageBook book = books.open("a.book");
    book.putBytes(1, new byte[length]);
    ByteBuffer dst = ByteBuffer.allocate(100).asReadOnlyBuffer();
    assertThatThrownBy(() -> book.read(1, dst))
        .isInstanceOfAny(ReadOnlyBufferException.class, IllegalArgumentException.class);
    assertThat(dst.position()).isZero();
    assertThat(book.putBytes(1, new byte[1])).isTrue();
  }
}
