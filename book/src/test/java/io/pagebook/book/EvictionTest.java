package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A bounded book that evicts: never above its bound, never a wrong value, and the used ones stay.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class EvictionTest {
  private static final long MAXIMUM = 8 << 20;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  private static BookOptions entries(long maximum) {
    return BookOptions.DEFAULT.withMaximumEntries(maximum).withOnFull(BookOptions.OnFull.EVICT);
  }

  private static BookOptions bytes(long maximum) {
    return BookOptions.DEFAULT.withMaximumSizeBytes(maximum).withOnFull(BookOptions.OnFull.EVICT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 100, 20_000})
  void entriesAreBoundedExactly(int maximum) {
    PageBook book = books.open("a.book", entries(maximum));
    int puts = 3 * maximum;
    for (int id = 0; id < puts; id++) {
      assertThat(book.putString(id, "value " + id)).isFalse();
      assertThat(book.getString(id)).isEqualTo("value " + id);
      assertThat(book.count()).isLessThanOrEqualTo(maximum);
    }
    assertThat(book.count()).isEqualTo(maximum);
    assertThat(book.records().evictions()).isEqualTo(puts - maximum);
    for (int id = 0; id < puts; id++) {
      String value = book.getString(id);
      assertThat(value == null || value.equals("value " + id)).as("id %s", id).isTrue();
    }
  }

  /** None of them can be evicted before it is in, and together they need more than there is. */
  @Test
  void largeValuesThatArriveTogetherAllFindRoom() {
    PageBook book = books.open("a.book", bytes(2 * MAXIMUM));
    int threads = 4;
    try (Workers workers = new Workers()) {
      for (int t = 0; t < threads; t++) {
        int thread = t;
        workers.start(
            "writer " + t,
            () -> {
              for (int i = 0; i < 12; i++) {
                int id = thread + threads * i;
                book.putBytes(id, TestBytes.of(id, 7 << 20));
              }
            });
      }
      workers.join();
    }
    assertThat(book.count()).isPositive();
  }

  @Test
  void shardsThatCouldHoldOneEntryOnlyAreRefused() {
    assertThatThrownBy(() -> entries(9).withShards(8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shards=8");
    assertThat(entries(16).withShards(8).shards()).isEqualTo(8);
  }

  @Test
  void entriesThatMayNotBeMoreAreRefused() {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withMaximumEntries(10));
    for (int id = 0; id < 10; id++) {
      book.putString(id, "old");
    }
    assertThatThrownBy(() -> book.putString(10, "more"))
        .isInstanceOf(BookException.Full.class)
        .hasMessageContaining("maximumEntries=10")
        .hasMessageContaining("a.book");
    assertThat(book.count()).isEqualTo(10);
    assertThat(book.putString(3, "new")).isTrue();
    book.remove(4);
    assertThat(book.addString(10, "more")).isTrue();
  }

  @Test
  void whoAttachesTakesTheBoundFromTheFile() {
    books.open("a.book", entries(10)).close();
    PageBook book = books.open("a.book", BookOptions.DEFAULT);
    for (int id = 0; id < 50; id++) {
      book.putString(id, "value");
    }
    assertThat(book.count()).isEqualTo(10);
    book.vacuum();
    assertThat(book.records().evictions()).isEqualTo(40);
    for (int id = 50; id < 100; id++) {
      book.putString(id, "value");
    }
    assertThat(book.count()).isEqualTo(10);
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
  void bytesAreBounded(int pageSize, int valueSize) throws IOException {
    PageBook book = books.open("a.book", bytes(MAXIMUM).withPageSizeBytes(pageSize));
    int puts = (int) (4 * MAXIMUM / valueSize);
    long most = 0;
    for (int id = 0; id < puts; id++) {
      book.putBytes(id, TestBytes.of(id, valueSize));
      TestBytes.assertSame(book.getBytes(id), TestBytes.of(id, valueSize), "id " + id);
      most = Math.max(most, book.usedBytes());
    }
    assertThat(most).isBetween(MAXIMUM / 3, MAXIMUM);
    assertThat(Files.size(book.file())).isLessThanOrEqualTo(MAXIMUM);
    assertThat(book.usedBytes()).isGreaterThan(MAXIMUM / 3);
    assertThat(book.records().evictions()).isEqualTo(puts - book.count());
    for (int id = 0; id < puts; id++) {
      byte[] value = book.getBytes(id);
      if (value != null) {
        TestBytes.assertSame(value, TestBytes.of(id, valueSize), "id " + id);
      }
    }
  }

  /**
   * A scan passes through a cache of what is asked for again and again: an LRU is flushed by it.
   */
  @Test
  void aScanDoesNotFlushWhatIsWanted() {
    int capacity = 1000;
    PageBook book = books.open("a.book", entries(capacity).withShards(1));
    Map<Integer, Integer> lru =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Integer, Integer> eldest) {
            return size() > capacity;
          }
        };
    SplittableRandom random = Seeds.random("EvictionTest scan");
    int requests = 300_000;
    int hits = 0;
    int hitsOfLru = 0;
    for (int i = 0; i < requests; i++) {
      double skewed = random.nextDouble() * random.nextDouble() * random.nextDouble();
      int key = i % 2 == 0 ? (int) (10_000 * skewed) : 1_000_000 + i;
      if (book.getBytes(key) != null) {
        hits++;
      } else {
        book.putBytes(key, new byte[8]);
      }
      if (lru.get(key) != null) {
        hitsOfLru++;
      } else {
        lru.put(key, key);
      }
    }
    System.out.println("hits of " + requests + ": book " + hits + ", LRU " + hitsOfLru);
    assertThat(hits).isGreaterThan(hitsOfLru + requests / 50);
  }

  /** All of them deserve a second chance, and each that gets one moves: it must end somewhere. */
  @Test
  void manyLargeRecordsThatWereReadGiveWay() {
    int entries = 1500;
    PageBook book = books.open("a.book", entries(entries).withShards(1));
    for (int id = 0; id < entries; id++) {
      book.putBytes(id, new byte[20_000]);
    }
    for (int round = 0; round < 4; round++) {
      for (int id = 0; id < entries; id++) {
        assertThat(book.getBytes(id)).isNotNull();
      }
    }
    for (int id = entries; id < 2 * entries; id++) {
      book.putBytes(id, new byte[20_000]);
    }
    assertThat(book.count()).isEqualTo(entries);
  }

  @Test
  void whatIsReadStays() {
    PageBook book = books.open("a.book", bytes(MAXIMUM));
    int kept = 0;
    for (int id = 0; id < 100_000; id++) {
      int hot = id % 200;
      if (id >= 1000 && book.contains(hot)) {
        kept++;
        book.getBytes(hot);
      } else if (id >= 200) {
        book.putBytes(hot, new byte[500]);
      }
      book.putBytes(1000 + id, new byte[500]);
    }
    assertThat(kept).isGreaterThan(95_000);
  }

  @Test
  void oneLargeValueDoesNotDriveOutTheOthers() {
    PageBook book = books.open("a.book", bytes(MAXIMUM));
    for (int id = 0; id < 20_000; id++) {
      book.putBytes(id, TestBytes.of(id, 1000));
    }
    long before = book.count();
    book.putBytes(-5, TestBytes.of(-5, 1_000_000));
    assertThat(book.count()).isGreaterThan(before * 3 / 4);
    TestBytes.assertSame(book.getBytes(-5), TestBytes.of(-5, 1_000_000), "the large one");
    long count = book.count();
    assertThatThrownBy(() -> book.putBytes(-6, new byte[(int) MAXIMUM]))
        .isInstanceOf(BookException.TooLarge.class)
        .hasMessageContaining("a.book");
    assertThat(book.count()).isEqualTo(count);
  }

  @Test
  void replacingNeedsNoRoomForEver() throws IOException {
    PageBook book = books.open("a.book", bytes(MAXIMUM));
    for (int round = 0; round < 20; round++) {
      for (int id = 0; id < 3000; id++) {
        book.putBytes(id, TestBytes.of(round + id, 300 + 40 * ((round + id) % 20)));
      }
    }
    assertThat(book.count()).isEqualTo(3000);
    assertThat(book.records().evictions()).isZero();
    assertThat(Files.size(book.file())).isLessThanOrEqualTo(MAXIMUM);
  }

  @Test
  void replacingInABookBoundedInEntriesKeepsTheFileSmall() {
    PageBook book = books.open("a.book", entries(100));
    for (int i = 0; i < 200_000; i++) {
      book.putBytes(i % 100, new byte[100 + i % 37]);
    }
    assertThat(book.count()).isEqualTo(100);
    assertThat(book.fileBytes()).isLessThan(2 << 20);
  }

  @Test
  void recordsOfTheKeptTypeStay() {
    PageBook book = books.open("a.book", entries(20));
    RecordBuffer header = new RecordBuffer();
    header.setKey(new byte[0]);
    header.startValue(40);
    header.setType(ValueType.KEPT);
    book.records().put(header);
    for (int id = 0; id < 10_000; id++) {
      book.putString(id, "value " + id);
    }
    assertThat(book.records().get(header)).isTrue();
    assertThat(header.type()).isEqualTo(ValueType.KEPT);
    assertThat(book.count()).isEqualTo(20);
  }

  @Test
  void readsOfAnUnboundedBookStoreNothing() throws IOException {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withShards(1));
    Path file = book.file();
    for (int id = 0; id < 1000; id++) {
      book.putString(id, "value " + id);
    }
    Inside.withoutHousekeeper(book);
    byte[] before = Files.readAllBytes(file);
    for (int id = 0; id < 1500; id++) {
      book.getString(id);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }
}
