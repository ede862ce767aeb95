package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What has expired and is never asked for again gives its space back to the writes that follow. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ExpirySpaceTest {
  private static final int RECORDS = 1_000_000;
  private static final int RECORDS_PER_MILLI = 20;
  private static final long LIFE_MILLIS = 1000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  @ParameterizedTest
  @ValueSource(ints = {40, 1000})
  void fileDoesNotGrow(int longestValue) {
    AtomicLong now = new AtomicLong(1_700_000_000_000L);
    InstantSource clock = () -> Instant.ofEpochMilli(now.get());
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withClock(clock));
    RecordBuffer buffer = new RecordBuffer();
    int records = longestValue > 100 ? RECORDS / 10 : RECORDS;
    int perMilli = longestValue > 100 ? RECORDS_PER_MILLI / 10 : RECORDS_PER_MILLI;
    long early = 0;
    for (int id = 0; id < records; id++) {
      buffer.setId(id);
      buffer.startValue(1 + id % longestValue);
      buffer.setType(ValueType.BYTES);
      buffer.setExpiryMillis(now.get() + LIFE_MILLIS);
      book.records().put(buffer);
      if (id % perMilli == 0) {
        now.incrementAndGet();
      }
      early = id == records / 5 ? book.fileBytes() : early;
    }
    System.out.println(
        "expired without being read: "
            + records
            + " records written, "
            + book.count()
            + " left, "
            + (early >> 10)
            + " KiB after a fifth, "
            + (book.fileBytes() >> 10)
            + " KiB at the end");
    // a life and a second of grace, and what the sweep has not reached
    assertThat(book.count()).isLessThan(4 * LIFE_MILLIS * perMilli);
    assertThat(book.fileBytes()).isLessThan(early + early / 2);
  }
}
