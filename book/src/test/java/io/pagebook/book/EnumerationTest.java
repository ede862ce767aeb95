package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.Seeds;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Enumeration of the IDs: what is there throughout is seen exactly once. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class EnumerationTest {
  private static final int STABLE = 5000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  @Test
  void emptyBookHasNoIds() {
    PrimitiveIterator.OfInt ids = books.open("a.book").ids();
    assertThat(ids.hasNext()).isFalse();
    assertThatThrownBy(ids::nextInt).isInstanceOf(NoSuchElementException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 1000, 50_000})
  void quietBookGivesEveryIdOnce(int count) {
    PageBook book = books.open("a.book");
    for (int i = 0; i < count; i++) {
      book.putBytes(i * 7919, new byte[i % 50]);
    }
    int[] seen = new int[count];
    PrimitiveIterator.OfInt ids = book.ids();
    int steps = 0;
    while (ids.hasNext()) {
      assertThat(ids.hasNext()).isTrue();
      int id = ids.nextInt();
      assertThat(id % 7919).isZero();
      seen[id / 7919]++;
      steps++;
    }
    assertThat(steps).isEqualTo(count);
    assertThat(IntStream.of(seen)).allMatch(times -> times == 1);
    assertThatThrownBy(ids::nextInt).isInstanceOf(NoSuchElementException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void changingBookGivesEveryLastingIdOnce(int shards) {
    SplittableRandom random = Seeds.random("EnumerationTest");
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withShards(shards));
    for (int id = 0; id < STABLE; id++) {
      book.putBytes(id, new byte[20]);
    }
    AtomicBoolean stop = new AtomicBoolean();
    try (Workers workers = new Workers()) {
      // adds without end, so that the index splits; replaces lasting records by longer ones, so
      // that they move
      SplittableRandom adding = random.split();
      workers.start(
          "adder",
          () -> {
            for (int id = STABLE; !stop.get() && id < 60_000; id++) {
              book.putBytes(id, new byte[adding.nextInt(100)]);
              if (adding.nextInt(4) == 0) {
                book.remove(STABLE + adding.nextInt(id - STABLE + 1));
              }
            }
          });
      SplittableRandom moving = random.split();
      workers.start(
          "mover",
          () -> {
            while (!stop.get()) {
              book.putBytes(moving.nextInt(STABLE), new byte[moving.nextInt(3000)]);
            }
          });
      long end = System.nanoTime() + 1_500_000_000L;
      int passes = 0;
      while (passes < 3 || System.nanoTime() < end) {
        int[] seen = new int[STABLE];
        book.ids()
            .forEachRemaining(
                (int id) -> {
                  assertThat(id).isBetween(0, 60_000);
                  if (id < STABLE) {
                    seen[id]++;
                  }
                });
        for (int id = 0; id < STABLE; id++) {
          if (seen[id] != 1) {
            throw new AssertionError(
                "lasting ID was seen " + seen[id] + " times: id=" + id + ", pass=" + passes);
          }
        }
        passes++;
      }
      stop.set(true);
      workers.join();
      System.out.println("enumerations of a changing book: " + passes + ", shards " + shards);
    }
  }

  /** Buckets split under the enumeration, many times each in every book that grows from nothing. */
  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void growingBookGivesEveryLastingIdOnce(int shards) {
    int keys = 2000 * shards;
    long end = System.nanoTime() + 1_500_000_000L;
    int passes = 0;
    for (int grown = 0; System.nanoTime() < end; grown++) {
      PageBook book = books.open("grown" + grown + ".book", BookOptions.DEFAULT.withShards(shards));
      AtomicInteger published = new AtomicInteger();
      try (Workers workers = new Workers()) {
        workers.start(
            "adder",
            () -> {
              byte[] value = new byte[8];
              for (int id = 0; id < keys; id++) {
                book.putBytes(id, value);
                published.set(id + 1);
              }
            });
        for (int lasting = 0; lasting < keys; passes++) {
          lasting = published.get();
          int[] seen = new int[keys];
          book.ids().forEachRemaining((int id) -> seen[id]++);
          for (int id = 0; id < keys; id++) {
            if (seen[id] > 1 || (id < lasting && seen[id] == 0)) {
              throw new AssertionError(
                  "ID was seen " + seen[id] + " times: id=" + id + ", there before=" + lasting);
            }
          }
        }
        workers.join();
      }
      book.close();
    }
    System.out.println("enumerations of growing books: " + passes + ", shards " + shards);
  }
}
