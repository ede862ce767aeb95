package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What has expired and is never asked for again gives its space back to the writes that follow. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ExpirySpaceTest {
  private static final int RECORDS = 1_000_000;
  private static final int RECORDS_PER_MILLI = 20;
  private static final long LIFE_MILLIS = 1000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  /** How a book that does not evict is bounded, and with what values it is filled. */
  enum Bound {
    ENTRIES,
    BYTES,
    BYTES_OF_LARGE_VALUES;

    BookOptions options() {
      return this == ENTRIES
          ? BookOptions.DEFAULT.withMaximumEntries(500)
          : BookOptions.DEFAULT.withMaximumSizeBytes(8 << 20);
    }

    int valueBytes() {
      return this == BYTES_OF_LARGE_VALUES ? 100_000 : 100;
    }
  }

  static Stream<Arguments> bounds() {
    return Stream.of(Bound.values())
        .flatMap(bound -> Stream.of(1, 16).map(shards -> Arguments.of(bound, shards)));
  }

  /**
   * Filled to the brim again and again, each time with other keys, after what was there expired.
   */
  @ParameterizedTest
  @MethodSource("bounds")
  void aFullBookTakesAnew(Bound bound, int shards) {
    AtomicLong now = new AtomicLong(1_700_000_000_000L);
    InstantSource clock = () -> Instant.ofEpochMilli(now.get());
    PageBook book = books.open("a.book", bound.options().withShards(shards).withClock(clock));
    book.putString(-5, "stays");
    int first = fill(book, 0, bound.valueBytes(), now.get() + LIFE_MILLIS);
    assertThat(first).isGreaterThan(50);
    int id = first;
    for (int round = 1; round <= 5; round++) {
      now.addAndGet(LIFE_MILLIS / 2);
      int early = fill(book, id, bound.valueBytes(), now.get() + LIFE_MILLIS);
      assertThat(early).as("stored before the others had expired").isLessThan(first / 10);
      now.addAndGet(2 * LIFE_MILLIS + LIFE_MILLIS / 2);
      id += early;
      int stored = fill(book, id, bound.valueBytes(), now.get() + LIFE_MILLIS);
      assertThat(stored).as("stored in round %s", round).isGreaterThan(first * 3 / 4);
      id += stored;
    }
    assertThat(book.getString(-5)).isEqualTo("stays");
  }

  /** Puts under IDs from {@code first} on until the book is full; returns how many it took. */
  private static int fill(PageBook book, int first, int valueBytes, long expiry) {
    RecordBuffer buffer = new RecordBuffer();
    buffer.setType(ValueType.BYTES);
    int stored = 0;
    while (true) {
      buffer.setId(first + stored);
      buffer.startValue(valueBytes);
      buffer.setExpiryMillis(expiry);
      try {
        book.records().put(buffer);
      } catch (BookException.Full e) {
        return stored;
      }
      stored++;
    }
  }

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
