package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.Seeds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random operations on a book and on a {@code HashMap}: the same answers, all the way. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ModelTest {
  /** Milliseconds that each configuration runs. */
  private static final long RUN_MS = Long.getLong("pagebook.model.ms", 1200);

  private static final int STEPS_BETWEEN_CLOCK_LOOKS = 64;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  /**
   * A value, as few words: its content follows from the seed.
   *
   * @param text whether it is a string
   * @param wide whether the string has characters beyond Latin 1
   */
  record Value(long seed, int length, boolean text, boolean wide) {
    byte[] bytes() {
      return text
          ? string()
              .getBytes(
                  wide && length > 0 ? StandardCharsets.UTF_16LE : StandardCharsets.ISO_8859_1)
          : TestBytes.of(seed, length);
    }

    String string() {
      String latin = new String(TestBytes.of(seed, length), StandardCharsets.ISO_8859_1);
      return wide && length > 0 ? latin.substring(1) + '\u20AC' : latin;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1024, 1, 50",
    "1024, 8, 5000",
    "4096, 1, 300",
    "4096, 0, 20000",
    "4096, 16, 2000",
    "16384, 4, 1000",
    "65536, 2, 200",
    "1048576, 1, 100"
  })
  void bookBehavesLikeAMap(int pageSize, int shards, int keys) {
    SplittableRandom random =
        Seeds.random("ModelTest, page size " + pageSize + ", shards " + shards + ", keys " + keys);
    new Run(random, BookOptions.DEFAULT.withPageSizeBytes(pageSize).withShards(shards), keys).run();
  }

  /** One random walk. */
  private final class Run {
    private final SplittableRandom random;
    private final BookOptions options;
    private final int keys;
    private final Map<Integer, Value> model = new HashMap<>();
    private PageBook book;
    private long step;

    Run(SplittableRandom random, BookOptions options, int keys) {
      this.random = random;
      this.options = options;
      this.keys = keys;
      this.book = books.open("a.book", options);
    }

    void run() {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RUN_MS);
      try {
        while (System.nanoTime() < end) {
          for (int i = 0; i < STEPS_BETWEEN_CLOCK_LOOKS; i++) {
            step++;
            step();
          }
        }
        compareAll();
        book.vacuum();
        compareAll();
        reopen();
        compareAll();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("at step " + step + ": " + e, e);
      }
      System.out.println(
          "model: "
              + step
              + " steps, "
              + model.size()
              + " entries, "
              + book.fileBytes()
              + " bytes");
    }

    private void step() {
      int dice = random.nextInt(100_000);
      if (dice < 40_000) {
        write(id(), value());
      } else if (dice < 55_000) {
        int id = id();
        assertThat(book.remove(id)).isEqualTo(model.remove(id) != null);
      } else if (dice < 99_700) {
        compare(id());
      } else if (dice < 99_900) {
        assertThat(book.count()).isEqualTo(model.size());
        compareIds();
      } else if (dice < 99_960) {
        reopen();
      } else if (dice < 99_985) {
        assertThat(book.vacuum()).isNotNegative();
      } else {
        thinOut();
      }
    }

    private int id() {
      // spread over the whole ID space, negative ones too; multiplication by an odd number is a
      // bijection
      int id = random.nextInt(keys) * 0x9E3779B1;
      return PageBook.isReserved(id) ? 1 : id;
    }

    private Value value() {
      int dice = random.nextInt(1000);
      int length;
      if (dice < 30) {
        length = 0;
      } else if (dice < 600) {
        length = random.nextInt(200);
      } else if (dice < 900) {
        length = random.nextInt(Math.min(options.pageSizeBytes(), 20_000));
      } else if (dice < 994) {
        length = random.nextInt(Math.min(5 * options.pageSizeBytes(), 60_000));
      } else {
        length = 100_000 + random.nextInt(924_000);
      }
      boolean text = random.nextBoolean();
      return new Value(random.nextLong(), length, text, text && random.nextInt(3) == 0);
    }

    private void write(int id, Value value) {
      if (random.nextInt(4) == 0) {
        boolean added =
            value.text() ? book.addString(id, value.string()) : book.addBytes(id, value.bytes());
        assertThat(added).isEqualTo(model.putIfAbsent(id, value) == null);
      } else {
        boolean replaced =
            value.text() ? book.putString(id, value.string()) : book.putBytes(id, value.bytes());
        assertThat(replaced).isEqualTo(model.put(id, value) != null);
      }
    }

    private void compare(int id) {
      Value expected = model.get(id);
      assertThat(book.contains(id)).isEqualTo(expected != null);
      if (expected == null) {
        compareAbsent(id);
        return;
      }
      byte[] bytes = expected.bytes();
      switch (random.nextInt(4)) {
        case 0 -> TestBytes.assertSame(book.getBytes(id), bytes, "id " + id);
        case 1 -> {
          assertThat(book.sizeBytes(id)).isEqualTo(bytes.length);
          TestBytes.assertSame(TestBytes.viewed(book, id), bytes, "view of id " + id);
        }
        case 2 -> {
          ByteBuffer dst = ByteBuffer.allocate(random.nextInt(2 * bytes.length + 1));
          assertThat(book.read(id, dst)).isEqualTo(bytes.length);
          int copied = Math.min(dst.capacity(), bytes.length);
          TestBytes.assertSame(
              Arrays.copyOf(dst.array(), copied), Arrays.copyOf(bytes, copied), "read of id " + id);
        }
        default -> compareString(id, expected);
      }
    }

    private void compareString(int id, Value expected) {
      if (expected.text()) {
        String text = expected.string();
        assertThat(text.equals(book.getString(id))).as("string of id %s", id).isTrue();
        assertThat(book.stringLength(id)).isEqualTo(text.length());
      }
    }

    private void compareAbsent(int id) {
      @Nullable Object got =
          switch (random.nextInt(3)) {
            case 0 -> book.getBytes(id);
            case 1 -> book.getString(id);
            default -> book.view(id, slice -> {}) ? "a view" : null;
          };
      assertThat(got).as("id %s", id).isNull();
    }

    private void compareIds() {
      Set<Integer> ids = new HashSet<>();
      book.ids()
          .forEachRemaining(
              (int id) -> assertThat(ids.add(id)).as("seen once: id %s", id).isTrue());
      assertThat(ids.equals(model.keySet())).as("enumerated IDs").isTrue();
    }

    private void compareAll() {
      assertThat(book.count()).isEqualTo(model.size());
      compareIds();
      model.forEach(
          (id, value) -> TestBytes.assertSame(book.getBytes(id), value.bytes(), "id " + id));
    }

    private void reopen() {
      book.close();
      book = books.open("a.book", options);
      assertThat(book.created()).isFalse();
      assertThat(book.count()).isEqualTo(model.size());
    }

    /** Removes most entries, so that there is something to clean. */
    private void thinOut() {
      for (Integer id : Set.copyOf(model.keySet())) {
        if (random.nextInt(8) != 0) {
          assertThat(book.remove(id)).isTrue();
          model.remove(id);
        }
      }
    }
  }
}
