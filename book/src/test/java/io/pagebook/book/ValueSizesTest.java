package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Values whose size meets an edge: of a page, of the pages of a chain, of an extent, of patience.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ValueSizesTest {
  private static final int MIB = 1 << 20;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  /**
   * Sizes around the multiples of a page; how many bytes before them depends on headers, which we
   * need not know.
   */
  private static IntStream sizes(int pageSize) {
    if (pageSize == 1 << 10) {
      return IntStream.rangeClosed(0, 3 * pageSize + 64);
    }
    int before = pageSize == 1 << 20 ? 34 : 80;
    int after = pageSize == 1 << 20 ? 2 : 16;
    int multiples = pageSize == 1 << 12 ? 4 : 2;
    return IntStream.rangeClosed(1, multiples)
        .flatMap(k -> IntStream.rangeClosed(k * pageSize - before, k * pageSize + after));
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 10, 1 << 12, 1 << 16})
  void everySizeAroundThePageBoundaries(int pageSize) {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withPageSizeBytes(pageSize));
    int[] sizes = sizes(pageSize).toArray();
    for (int size : sizes) {
      assertThat(book.addBytes(size, TestBytes.of(size, size))).isTrue();
    }
    for (int size : sizes) {
      verify(book, size, TestBytes.of(size, size));
    }
    // the same records one byte longer, next to neighbours that stay
    for (int i = 0; i < sizes.length; i += 2) {
      assertThat(book.putBytes(sizes[i], TestBytes.of(-i, sizes[i] + 1))).isTrue();
    }
    for (int i = 0; i < sizes.length; i++) {
      verify(
          book,
          sizes[i],
          i % 2 == 0 ? TestBytes.of(-i, sizes[i] + 1) : TestBytes.of(sizes[i], sizes[i]));
    }
    assertThat(book.count()).isEqualTo(sizes.length);
    books.check();
    book.close();
    PageBook again = books.open("a.book");
    for (int i = 0; i < sizes.length; i++) {
      verify(
          again,
          sizes[i],
          i % 2 == 0 ? TestBytes.of(-i, sizes[i] + 1) : TestBytes.of(sizes[i], sizes[i]));
    }
  }

  @Test
  void everySizeAroundTheBoundariesOfTheLargestPages() {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withPageSizeBytes(MIB));
    int[] sizes = sizes(MIB).toArray();
    for (int size : sizes) {
      book.putBytes(1, TestBytes.of(size, size));
      book.putBytes(2, TestBytes.of(-size, 100));
      verify(book, 1, TestBytes.of(size, size));
      verify(book, 2, TestBytes.of(-size, 100));
    }
  }

  @Test
  void everySizeAroundAnExtent() {
    PageBook book = books.open("a.book");
    for (int k = 1; k <= 3; k++) {
      for (int size = k * 65_536 - 40; size <= k * 65_536 + 40; size += 4) {
        book.putBytes(size, TestBytes.of(size, size));
        book.putBytes(1, TestBytes.of(size, size + 1));
        verify(book, size, TestBytes.of(size, size));
        verify(book, 1, TestBytes.of(size, size + 1));
      }
    }
  }

  private static void verify(PageBook book, int id, byte[] expected) {
    TestBytes.assertSame(book.getBytes(id), expected, "bytes of id " + id);
    TestBytes.assertSame(TestBytes.viewed(book, id), expected, "view of id " + id);
    assertThat(book.sizeBytes(id)).isEqualTo(expected.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 10, 1 << 12, 1 << 16, 1 << 20})
  void tenMegabytes(int pageSize) {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withPageSizeBytes(pageSize));
    String latin = "0123456789".repeat(MIB);
    book.putString(1, latin);
    book.putString(2, "small");
    book.putBytes(3, TestBytes.of(3, 10 * MIB));
    assertThat(book.stringLength(1)).isEqualTo(latin.length());
    assertThat(latin.equals(book.getString(1))).isTrue();
    verify(book, 3, TestBytes.of(3, 10 * MIB));
    String greek = "\u03B1\u03B2\u03B3\u03B4\u03B5".repeat(MIB);
    assertThat(book.putString(1, greek)).isTrue();
    assertThat(greek.equals(book.getString(1))).isTrue();
    assertThat(book.sizeBytes(1)).isEqualTo(10 * MIB);
    assertThat(book.getString(2)).isEqualTo("small");
    verify(book, 3, TestBytes.of(3, 10 * MIB));
    assertThat(book.remove(3)).isTrue();
    assertThat(book.getBytes(3)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 10, 1 << 12, 1 << 20})
  void sixtyFourMegabytes(int pageSize) {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withPageSizeBytes(pageSize));
    book.putBytes(1, TestBytes.of(1, 64 * MIB));
    book.putBytes(2, TestBytes.of(2, 64 * MIB + 1));
    verify(book, 1, TestBytes.of(1, 64 * MIB));
    assertThat(book.putBytes(1, TestBytes.of(3, 64 * MIB - 1))).isTrue();
    verify(book, 2, TestBytes.of(2, 64 * MIB + 1));
    verify(book, 1, TestBytes.of(3, 64 * MIB - 1));
  }

  @Test
  void valuesOfAllSizesShareABook() {
    PageBook book =
        books.open("a.book", BookOptions.DEFAULT.withPageSizeBytes(1 << 10).withShards(4));
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      sizes.addAll(List.of(i, 100 + i, 1000 + 7 * i, 10_000 + 111 * i, 100_000 + 1111 * i));
    }
    for (int size : sizes) {
      book.putBytes(size, TestBytes.of(size, size));
    }
    for (int size : sizes) {
      verify(book, size, TestBytes.of(size, size));
    }
  }
}
