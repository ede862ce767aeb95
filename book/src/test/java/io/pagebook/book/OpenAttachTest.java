package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.RemoteBook;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Creating, attaching, closing and destroying. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OpenAttachTest {
  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  @Test
  void firstOpenCreatesAndLaterOnesAttach() {
    PageBook first = books.open("a.book");
    PageBook second = books.open("a.book");
    assertThat(first.created()).isTrue();
    assertThat(second.created()).isFalse();
    assertThat(first.file()).isEqualTo(books.file("a.book"));
    first.putString(1, "one");
    assertThat(second.getString(1)).isEqualTo("one");
    first.close();
    second.close();
    PageBook third = books.open("a.book");
    assertThat(third.created()).isFalse();
    assertThat(third.getString(1)).isEqualTo("one");
    assertThat(third.count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 10, 1 << 11, 1 << 13, 1 << 16, 1 << 20})
  void attachingTakesThePageSizeFromTheFile(int pageSize) {
    PageBook creator = books.open("a.book", BookOptions.DEFAULT.withPageSizeBytes(pageSize));
    assertThat(creator.pageSizeBytes()).isEqualTo(pageSize);
    byte[] value = TestBytes.of(1, 3 * pageSize);
    creator.putBytes(1, value);
    PageBook attached =
        books.open("a.book", BookOptions.DEFAULT.withPageSizeBytes(1 << 14).withShards(2));
    assertThat(attached.pageSizeBytes()).isEqualTo(pageSize);
    TestBytes.assertSame(attached.getBytes(1), value, "by the attached");
    attached.putBytes(2, value);
    TestBytes.assertSame(creator.getBytes(2), value, "by the creator");
  }

  /** The length that belongs to a page count is one that was looked at behind it. */
  @Test
  void attachesWhileTheBookGrows() {
    PageBook growing = books.open("a.book");
    AtomicBoolean grown = new AtomicBoolean();
    try (Workers workers = new Workers()) {
      workers.start(
          "grower",
          () -> {
            for (int id = 0; id < 2_000; id++) {
              growing.putBytes(id, new byte[20_000]);
            }
            grown.set(true);
          });
      do {
        PageBook.open(books.file("a.book")).close();
      } while (!grown.get());
      workers.join();
    }
  }

  @Test
  void pageSizeIsFourKibibytesByDefault() {
    assertThat(books.open("a.book").pageSizeBytes()).isEqualTo(4096);
  }

  @Test
  void attachingTakesTheMaximumSizeFromTheFile() {
    books.open("a.book", BookOptions.DEFAULT.withMaximumSizeBytes(4 << 20));
    PageBook attached = books.open("a.book", BookOptions.DEFAULT.withMaximumSizeBytes(64 << 20));
    assertThatThrownBy(
            () -> {
              for (int id = 0; id < 100; id++) {
                attached.putBytes(id, new byte[200_000]);
              }
            })
        .isInstanceOf(BookException.Full.class);
    assertThat(attached.fileBytes()).isLessThanOrEqualTo(4 << 20);
  }

  @ParameterizedTest
  @CsvSource({
    "1024, 0",
    "1024, 1",
    "4096, 1",
    "4096, 1000000",
    "4096, 4194305",
    "65536, 65537",
    "1048576, 1"
  })
  void initialSizeIsRoundedUpToWholePages(int pageSize, long initial) throws IOException {
    PageBook book =
        books.open(
            "a.book",
            BookOptions.DEFAULT.withPageSizeBytes(pageSize).withInitialSizeBytes(initial));
    assertThat(book.fileBytes()).isGreaterThanOrEqualTo(Math.max(initial, pageSize));
    assertThat(book.fileBytes() % pageSize).isZero();
    assertThat(Files.size(book.file())).isEqualTo(book.fileBytes());
    book.putBytes(1, TestBytes.of(1, 2_000_000));
    assertThat(Files.size(book.file())).isEqualTo(book.fileBytes()).isGreaterThan(2_000_000);
  }

  @Test
  void initialSizeIsAllocatedNotPromised() throws IOException {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withInitialSizeBytes(8 << 20));
    long before = Files.size(book.file());
    assertThat(before).isGreaterThanOrEqualTo(8 << 20);
    for (int id = 0; id < 50; id++) {
      book.putBytes(id, new byte[50_000]);
    }
    assertThat(Files.size(book.file())).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16, 128})
  void anyNumberOfShardsWorks(int shards) {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withShards(shards));
    for (int id = 0; id < 2000; id++) {
      book.putString(id, "value of " + id);
    }
    PageBook attached = books.open("a.book");
    for (int id = 0; id < 2000; id++) {
      assertThat(attached.getString(id)).isEqualTo("value of " + id);
    }
    assertThat(attached.count()).isEqualTo(2000);
  }

  @Test
  void growthByOneHandleIsSeenByTheOther() {
    PageBook one = books.open("a.book");
    PageBook other = books.open("a.book");
    for (int id = 0; id < 100; id++) {
      byte[] value = TestBytes.of(id, 100_000);
      (id % 2 == 0 ? one : other).putBytes(id, value);
      TestBytes.assertSame((id % 2 == 0 ? other : one).getBytes(id), value, "id " + id);
    }
    assertThat(one.fileBytes()).isEqualTo(other.fileBytes());
  }

  /** Sooner or later a record begins in what the reader has mapped and ends in what it has not. */
  @ParameterizedTest
  @ValueSource(ints = {1 << 10, 1 << 12, 1 << 16})
  void recordAcrossTheEndOfTheOthersMappingIsRead(int pageSize) {
    BookOptions options = BookOptions.DEFAULT.withPageSizeBytes(pageSize).withShards(1);
    for (int length : new int[] {100, 3000, 9000, 50_000}) {
      PageBook writer = books.open(length + ".book", options);
      PageBook reader = books.open(length + ".book");
      for (int id = 0; (long) id * length < 6_000_000; id++) {
        byte[] value = TestBytes.of(id, length);
        writer.putBytes(id, value);
        TestBytes.assertSame(reader.getBytes(id), value, "id " + id + " of " + length + " bytes");
      }
      writer.close();
      reader.close();
    }
  }

  @Test
  void destroyedBookIsGoneForAllWhoUseIt() {
    PageBook book = books.open("a.book");
    book.putString(1, "one");
    try (RemoteBook remote = RemoteBook.open(books.file("a.book"), Duration.ofSeconds(5))) {
      assertThat(remote.getString(1)).isEqualTo("one");
      assertThat(PageBook.destroy(books.file("a.book"))).isTrue();
      assertThat(books.file("a.book")).doesNotExist();
      assertThatThrownBy(() -> book.getString(1)).isInstanceOf(BookException.Closed.class);
      assertThatThrownBy(() -> book.putString(1, "x")).isInstanceOf(BookException.Closed.class);
      remote.call("getString", 1).refusal(BookException.Closed.class);
      remote.putString(1, "x").refusal(BookException.Closed.class);
      assertThat(PageBook.destroy(books.file("a.book"))).isFalse();
      PageBook anew = books.open("a.book");
      assertThat(anew.created()).isTrue();
      assertThat(anew.count()).isZero();
      anew.putString(1, "new");
      assertThatThrownBy(() -> book.getString(1)).isInstanceOf(BookException.Closed.class);
      remote.call("getString", 1).refusal(BookException.Closed.class);
      assertThat(anew.getString(1)).isEqualTo("new");
    }
  }

  @Test
  void booksOfOneDirectoryAreApart() {
    PageBook a = books.open("a.book");
    PageBook b = books.open("b.book");
    a.putString(1, "in a");
    b.putString(1, "in b");
    assertThat(a.getString(1)).isEqualTo("in a");
    assertThat(b.getString(1)).isEqualTo("in b");
    a.close();
    b.putString(1, "in b still");
    assertThat(b.getString(1)).isEqualTo("in b still");
    assertThat(PageBook.destroy(books.file("a.book"))).isTrue();
    b.putString(2, "two");
    assertThat(books.open("b.book").getString(2)).isEqualTo("two");
  }

  @Test
  void verifyingAndTrustingHandlesReadTheSame() {
    PageBook trusting = books.open("a.book", BookOptions.DEFAULT.withVerifyChecksums(false));
    trusting.putBytes(1, TestBytes.of(1, 100_000));
    PageBook verifying = books.open("a.book");
    TestBytes.assertSame(trusting.getBytes(1), TestBytes.of(1, 100_000), "trusting");
    TestBytes.assertSame(verifying.getBytes(1), TestBytes.of(1, 100_000), "verifying");
  }

  @Test
  void forcedBooksWorkTheSame() {
    PageBook always = books.open("a.book", BookOptions.DEFAULT.withForceInterval(Duration.ZERO));
    PageBook often =
        books.open("b.book", BookOptions.DEFAULT.withForceInterval(Duration.ofMillis(20)));
    for (int id = 0; id < 20; id++) {
      always.putBytes(id, TestBytes.of(id, 1000 * id));
      often.putBytes(id, TestBytes.of(id, 1000 * id));
    }
    always.close();
    often.close();
    for (int id = 0; id < 20; id++) {
      TestBytes.assertSame(
          books.open("a.book").getBytes(id), TestBytes.of(id, 1000 * id), "id " + id);
      TestBytes.assertSame(
          books.open("b.book").getBytes(id), TestBytes.of(id, 1000 * id), "id " + id);
    }
  }
}
