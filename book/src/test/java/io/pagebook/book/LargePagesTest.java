package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * In a book of large pages a segment may lie across the ends of what a participant has mapped so
 * far, while another one adds to the file.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LargePagesTest {
  private static final int RECORDS = 3000;
  private static final int VALUE_BYTES = 20_000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inSharedMemory();

  @ParameterizedTest
  @ValueSource(ints = {1 << 14, 1 << 16, 1 << 20})
  void severalParticipantsFillOneBook(int pageSize) {
    BookOptions options =
        BookOptions.DEFAULT
            .withPageSizeBytes(pageSize)
            .withShards(16)
            .withInitialSizeBytes(16 << 20);
    PageBook[] participants = new PageBook[3];
    for (int i = 0; i < participants.length; i++) {
      participants[i] = books.open("a.book", options);
    }
    SplittableRandom random = Seeds.random("LargePagesTest " + pageSize);
    for (int id = 0; id < RECORDS; id++) {
      participants[random.nextInt(participants.length)].putBytes(id, TestBytes.of(id, VALUE_BYTES));
    }
    byte[] viewed = new byte[VALUE_BYTES];
    for (PageBook book : participants) {
      for (int id = 0; id < RECORDS; id++) {
        TestBytes.assertSame(book.getBytes(id), TestBytes.of(id, VALUE_BYTES), "id " + id);
      }
      assertThat(book.view(7, slice -> slice.get(viewed))).isTrue();
      assertThat(Arrays.equals(viewed, TestBytes.of(7, VALUE_BYTES))).isTrue();
    }
  }
}
