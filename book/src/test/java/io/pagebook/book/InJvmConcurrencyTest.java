package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.Seeds;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads of one JVM: whole values, true misses, fresh reads. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class InJvmConcurrencyTest {
  private static final long RUN_NANOS = TimeUnit.MILLISECONDS.toNanos(800);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();

  private static int length(SplittableRandom random) {
    int dice = random.nextInt(1000);
    if (dice < 700) {
      return CheckedValue.MIN_LENGTH + random.nextInt(300);
    }
    return dice < 995
        ? CheckedValue.MIN_LENGTH + random.nextInt(20_000)
        : 60_000 + random.nextInt(300_000);
  }

  private void report(String what) {
    System.out.println(what + ": " + reads + " reads, " + writes + " writes");
    assertThat(reads.get()).isGreaterThan(1000);
    assertThat(writes.get()).isGreaterThan(100);
  }

  @ParameterizedTest
  @CsvSource({"1024, 1", "4096, 1", "4096, 16"})
  void noReaderSeesATornValue(int pageSize, int shards) {
    SplittableRandom seeds = Seeds.random("noReaderSeesATornValue");
    BookOptions options = BookOptions.DEFAULT.withPageSizeBytes(pageSize).withShards(shards);
    PageBook[] handles = {books.open("a.book", options), books.open("a.book", options)};
    long end = System.nanoTime() + RUN_NANOS;
    try (Workers workers = new Workers()) {
      for (int writer = 0; writer < 4; writer++) {
        int self = writer;
        SplittableRandom random = seeds.split();
        PageBook book = handles[writer % handles.length];
        workers.start(
            "mixer " + self,
            () -> {
              for (long sequence = 0; System.nanoTime() < end; sequence++) {
                mix(book, random, self, sequence);
              }
            });
      }
      workers.join();
    }
    report("mixed, page size " + pageSize + ", shards " + shards);
  }

  private void mix(PageBook book, SplittableRandom random, int self, long sequence) {
    int key = random.nextInt(64);
    switch (random.nextInt(8)) {
      case 0, 1 ->
          book.putBytes(key, new CheckedValue(key, self, sequence, length(random)).encode());
      case 2 -> book.remove(key);
      case 3 -> {
        book.view(key, slice -> assertThat(slice.isReadOnly()).isTrue());
        reads.incrementAndGet();
        return;
      }
      default -> {
        byte[] bytes = book.getBytes(key);
        if (bytes != null) {
          CheckedValue.decode(key, bytes);
        }
        reads.incrementAndGet();
        return;
      }
    }
    writes.incrementAndGet();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void keyThatIsOnlyReplacedIsNeverMissed(int shards) {
    SplittableRandom seeds = Seeds.random("keyThatIsOnlyReplacedIsNeverMissed");
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withShards(shards));
    int lasting = 32;
    for (int key = 0; key < lasting; key++) {
      book.putBytes(key, new CheckedValue(key, 0, 0, 100).encode());
    }
    long end = System.nanoTime() + RUN_NANOS;
    try (Workers workers = new Workers()) {
      SplittableRandom replacing = seeds.split();
      workers.start(
          "replacer",
          () -> {
            for (long sequence = 1; System.nanoTime() < end; sequence++) {
              int key = replacing.nextInt(lasting);
              book.putBytes(key, new CheckedValue(key, 1, sequence, length(replacing)).encode());
              writes.incrementAndGet();
            }
          });
      // adds and removes, so that buckets split and pages are cleaned under the readers
      SplittableRandom churning = seeds.split();
      workers.start(
          "churner",
          () -> {
            for (int id = lasting; System.nanoTime() < end; id++) {
              book.putBytes(id, new byte[churning.nextInt(200)]);
              if (churning.nextInt(3) > 0) {
                book.remove(lasting + churning.nextInt(id - lasting + 1));
              }
            }
          });
      for (int reader = 0; reader < 2; reader++) {
        SplittableRandom reading = seeds.split();
        workers.start(
            "reader " + reader,
            () -> {
              while (System.nanoTime() < end) {
                readLasting(book, reading.nextInt(lasting), reading.nextInt(4));
              }
            });
      }
      workers.join();
    }
    report("only replaced, shards " + shards);
  }

  /**
   * A key that is replaced by values of one length goes to and fro between two places, so both its
   * slot and what is dead look alike again and again.
   */
  @Test
  void keyThatGoesToAndFroIsNeverMissed() {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withShards(1));
    book.putBytes(1, new CheckedValue(1, 0, 0, 40).encode());
    long end = System.nanoTime() + RUN_NANOS;
    try (Workers workers = new Workers()) {
      for (int replacer = 1; replacer <= 3; replacer++) {
        int self = replacer;
        workers.start(
            "replacer " + self,
            () -> {
              for (long sequence = 1; System.nanoTime() < end; sequence++) {
                book.putBytes(1, new CheckedValue(1, self, sequence, 40).encode());
                writes.incrementAndGet();
                CheckedValue.decode(1, book.getBytes(1));
                reads.incrementAndGet();
              }
            });
      }
      workers.start(
          "enumerator",
          () -> {
            while (System.nanoTime() < end) {
              assertThat(book.ids()).toIterable().containsExactly(1);
              reads.incrementAndGet();
            }
          });
      workers.join();
    }
    report("to and fro");
  }

  /**
   * The moment at which a key could be missed, when its bucket splits, is short; books that grow
   * from nothing, one after the other, have many of them.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 32})
  void keyIsNotMissedWhileItsBucketSplits(int shards) {
    SplittableRandom seeds = Seeds.random("keyIsNotMissedWhileItsBucketSplits");
    int keys = 600 * shards;
    long end = System.nanoTime() + RUN_NANOS;
    int grown = 0;
    for (; System.nanoTime() < end; grown++) {
      PageBook book = books.open("grown" + grown + ".book", BookOptions.DEFAULT.withShards(shards));
      AtomicInteger published = new AtomicInteger();
      try (Workers workers = new Workers()) {
        for (int reader = 0; reader < 2; reader++) {
          SplittableRandom random = seeds.split();
          workers.start("reader " + reader, () -> readWhileGrowing(book, random, published, keys));
        }
        byte[] value = new byte[8];
        for (int id = 0; id < keys; id++) {
          book.putBytes(id, value);
          published.set(id + 1);
        }
        writes.addAndGet(keys);
        workers.join();
      }
      book.close();
    }
    report("books grown from nothing: " + grown + ", shards " + shards);
  }

  private void readWhileGrowing(
      PageBook book, SplittableRandom random, AtomicInteger published, int keys) {
    int count = 0;
    for (int bound = 0; bound < keys; bound = published.get()) {
      if (bound > 0) {
        int id = random.nextInt(bound);
        if (!book.contains(id)) {
          throw new AssertionError(
              "a key was missed while the index grew: id=" + id + ", of=" + bound);
        }
        count++;
      }
    }
    reads.addAndGet(count);
  }

  private void readLasting(PageBook book, int key, int how) {
    boolean found =
        switch (how) {
          case 0 -> book.contains(key);
          case 1 -> book.sizeBytes(key) >= 0;
          case 2 -> book.view(key, slice -> {});
          default -> {
            byte[] bytes = book.getBytes(key);
            if (bytes != null) {
              CheckedValue.decode(key, bytes);
            }
            yield bytes != null;
          }
        };
    if (!found) {
      throw new AssertionError(
          "a key that was never absent was missed: key=" + key + ", how=" + how);
    }
    reads.incrementAndGet();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readSeesEveryWriteThatReturnedBeforeIt(boolean vacuuming) {
    SplittableRandom seeds = Seeds.random("readSeesEveryWriteThatReturnedBeforeIt");
    PageBook one = books.open("a.book");
    PageBook other = books.open("a.book");
    int keys = 16;
    AtomicLongArray finished = new AtomicLongArray(keys);
    for (int key = 0; key < keys; key++) {
      one.putBytes(key, new CheckedValue(key, 0, 0, 100).encode());
    }
    long end = System.nanoTime() + RUN_NANOS;
    try (Workers workers = new Workers()) {
      for (int writer = 0; writer < 2; writer++) {
        int self = writer;
        SplittableRandom random = seeds.split();
        workers.start(
            "writer " + writer,
            () -> {
              for (long sequence = 1; System.nanoTime() < end; sequence++) {
                int key = 2 * random.nextInt(keys / 2) + self;
                long next = finished.get(key) + 1;
                one.putBytes(key, new CheckedValue(key, self, next, length(random)).encode());
                finished.set(key, next);
                writes.incrementAndGet();
              }
            });
      }
      for (int reader = 0; reader < 2; reader++) {
        SplittableRandom random = seeds.split();
        PageBook book = reader == 0 ? one : other;
        workers.start(
            "reader " + reader,
            () -> {
              long[] seen = new long[keys];
              while (System.nanoTime() < end) {
                readFresh(book, random.nextInt(keys), finished, seen);
              }
            });
      }
      if (vacuuming) {
        workers.start(
            "vacuumer",
            () -> {
              int vacuums = 0;
              for (; System.nanoTime() < end; vacuums++) {
                (vacuums % 2 == 0 ? one : other).vacuum();
              }
              System.out.println("vacuums under fire: " + vacuums);
              assertThat(vacuums).isPositive();
            });
      }
      workers.join();
    }
    report("fresh, vacuuming " + vacuuming);
  }

  private void readFresh(PageBook book, int key, AtomicLongArray finished, long[] seen) {
    long floor = Math.max(finished.get(key), seen[key]);
    byte[] bytes = book.getBytes(key);
    if (bytes == null) {
      throw new AssertionError("a key that was never absent was missed: key=" + key);
    }
    long sequence = CheckedValue.decode(key, bytes).sequence();
    if (sequence < floor) {
      throw new AssertionError(
          "stale read: key=" + key + ", got=" + sequence + ", expected at least=" + floor);
    }
    seen[key] = sequence;
    reads.incrementAndGet();
  }

  @Test
  void addHasOneWinner() {
    SplittableRandom seeds = Seeds.random("addHasOneWinner");
    PageBook book = books.open("a.book");
    int keys = 2000;
    int threads = 4;
    AtomicLongArray winners = new AtomicLongArray(keys);
    try (Workers workers = new Workers()) {
      for (int thread = 0; thread < threads; thread++) {
        int self = thread;
        SplittableRandom random = seeds.split();
        workers.start(
            "adder " + thread,
            () -> {
              for (int key = 0; key < keys; key++) {
                if (book.addBytes(
                    key, new CheckedValue(key, self, 0, length(random) % 3000 + 100).encode())) {
                  assertThat(winners.getAndSet(key, self + 1)).as("winner of %s", key).isZero();
                }
              }
            });
      }
      workers.join();
    }
    for (int key = 0; key < keys; key++) {
      assertThat(CheckedValue.decode(key, book.getBytes(key)).writer() + 1)
          .isEqualTo((int) winners.get(key));
    }
    assertThat(book.count()).isEqualTo(keys);
  }

  @Test
  void removeHasOneWinner() {
    PageBook book = books.open("a.book");
    int keys = 2000;
    AtomicLong removed = new AtomicLong();
    for (int key = 0; key < keys; key++) {
      book.putBytes(key, new byte[50]);
    }
    try (Workers workers = new Workers()) {
      for (int thread = 0; thread < 4; thread++) {
        workers.start(
            "remover " + thread,
            () -> {
              for (int key = 0; key < keys; key++) {
                if (book.remove(key)) {
                  removed.incrementAndGet();
                }
              }
            });
      }
      workers.join();
    }
    assertThat(removed.get()).isEqualTo(keys);
    assertThat(book.count()).isZero();
  }
}
