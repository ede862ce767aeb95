package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.Seeds;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random operations on a book that evicts: each read gives the last value written or nothing, and
 * neither bound is ever exceeded.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BoundedModelTest {
  private static final long RUN_MS = Long.getLong("pagebook.model.ms", 800);
  private static final int STEPS_BETWEEN_CLOCK_LOOKS = 64;
  private static final int LEAST_STEPS = 10_000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  /** A value, by what it follows from. */
  private record Value(long seed, int length) {}

  @ParameterizedTest
  @CsvSource({
    "1024, 1, 10, 0, 40",
    "4096, 0, 100, 0, 400",
    "4096, 8, 1000, 0, 3000",
    "1024, 0, 0, 524288, 3000",
    "4096, 2, 0, 2097152, 3000",
    "4096, 0, 300, 4194304, 1000",
    "65536, 1, 0, 4194304, 3000"
  })
  void readsAreTheLastWrittenOrMisses(
      int pageSize, int shards, long maximumEntries, long maximumBytes, int keys) {
    SplittableRandom random =
        Seeds.random(
            "BoundedModelTest, page size "
                + pageSize
                + ", shards "
                + shards
                + ", entries "
                + maximumEntries
                + ", bytes "
                + maximumBytes);
    BookOptions options =
        BookOptions.DEFAULT
            .withPageSizeBytes(pageSize)
            .withShards(0)
            .withMaximumEntries(maximumEntries)
            .withMaximumSizeBytes(maximumBytes)
            .withOnFull(BookOptions.OnFull.EVICT)
            .withShards(shards);
    Map<Integer, Value> model = new HashMap<>();
    PageBook book = books.open("a.book", options);
    long steps = 0;
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RUN_MS);
    while (System.nanoTime() < end || steps < LEAST_STEPS) {
      for (int i = 0; i < STEPS_BETWEEN_CLOCK_LOOKS; i++) {
        step(book, model, random, keys, maximumBytes);
        assertThat(maximumEntries == 0 || book.count() <= maximumEntries).isTrue();
        assertThat(maximumBytes == 0 || book.usedBytes() <= maximumBytes).isTrue();
        assertThat(maximumBytes == 0 || book.fileBytes() <= maximumBytes).isTrue();
        steps++;
      }
    }
    long count = book.count();
    long found = 0;
    for (int id = 0; id < keys; id++) {
      found += compare(book.getBytes(id), model.get(id), id) ? 1 : 0;
    }
    assertThat(found).isEqualTo(count);
    System.out.println(
        "bounded model: "
            + steps
            + " steps, "
            + count
            + " entries, "
            + book.records().evictions()
            + " evictions, "
            + book.fileBytes()
            + " bytes");
    assertThat(book.records().evictions()).isPositive();
  }

  private static void step(
      PageBook book,
      Map<Integer, Value> model,
      SplittableRandom random,
      int keys,
      long maximumBytes) {
    int id = random.nextInt(keys);
    int dice = random.nextInt(1000);
    if (dice < 400) {
      Value value = new Value(random.nextLong(), length(random, maximumBytes));
      boolean replaced = book.putBytes(id, TestBytes.of(value.seed(), value.length()));
      assertThat(!replaced || model.containsKey(id)).as("replaced id %s", id).isTrue();
      model.put(id, value);
    } else if (dice < 450) {
      Value value = new Value(random.nextLong(), length(random, maximumBytes));
      if (book.addBytes(id, TestBytes.of(value.seed(), value.length()))) {
        model.put(id, value);
      } else {
        assertThat(model).containsKey(id);
      }
    } else if (dice < 500) {
      boolean removed = book.remove(id);
      assertThat(!removed || model.containsKey(id)).as("removed id %s", id).isTrue();
      model.remove(id);
    } else {
      compare(book.getBytes(id), model.get(id), id);
    }
  }

  private static int length(SplittableRandom random, long maximumBytes) {
    int dice = random.nextInt(1000);
    if (dice < 900) {
      return random.nextInt(300);
    }
    return dice < 995 || maximumBytes < (4 << 20)
        ? random.nextInt(20_000)
        : random.nextInt(400_000);
  }

  private static boolean compare(byte @Nullable [] bytes, @Nullable Value expected, int id) {
    if (bytes == null) {
      return false;
    }
    assertThat(expected).as("id %s", id).isNotNull();
    if (expected != null) {
      TestBytes.assertSame(bytes, TestBytes.of(expected.seed(), expected.length()), "id " + id);
    }
    return true;
  }
}
