package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.testing.CheckedBooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever one word of a shard's header says, each call ends, in a {@link BookException} at worst,
 * and nothing of it gets into a book that is verified after the machine was started anew.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DamagedShardTest {
  private static final BookOptions OPTIONS =
      FuzzedBook.OPTIONS.withLockTimeout(Duration.ofSeconds(5));

  private static final int NEW_ID = 10_000;
  private static final int CALLS = 20;
  private static final int MAP_WORDS = 24;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inSharedMemory();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachCallEnds(boolean bounded) throws IOException {
    Path file = books.file("damaged.book");
    books.doNotCheck(file);
    BookImage sound = FuzzedBook.write(file, bounded).image();
    long shard = sound.geometry().shard(0);
    long[] values = {0, -1, Long.MIN_VALUE, sound.size() - Long.BYTES};
    for (int offset = ShardLayout.INTENT_OFFSET;
        offset < ShardLayout.DIRECTORY_OFFSET;
        offset += Long.BYTES) {
      for (long value : values) {
        eachCallEnds(sound, shard + offset, value, "bounded=" + bounded);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachCallEndsWithADamagedPageMap(boolean bounded) throws IOException {
    Path file = books.file("damaged.book");
    books.doNotCheck(file);
    BookImage sound = FuzzedBook.write(file, bounded).image();
    Geometry geometry = sound.geometry();
    long first = geometry.firstDataPage(0);
    Set<Integer> kinds = new HashSet<>();
    for (long page = first; page < Math.min(first + MAP_WORDS, geometry.groupPages()); page++) {
      long at = geometry.mapWord(page);
      kinds.add(PageMapWord.kind(sound.get(at)));
      long[] values = {
        0,
        -1,
        PageMapWord.owned(PageMapWord.KIND_LOG, PageMapWord.MAX_PAGES, 0),
        PageMapWord.owned(PageMapWord.KIND_LOG, 1, 1),
        PageMapWord.logTail(1, 0),
        PageMapWord.logTail(1, 1),
        PageMapWord.logTail(PageMapWord.MAX_PAGES, 0),
        PageMapWord.tail(1),
        PageMapWord.withoutLiveBytes(sound.get(at))
      };
      for (long value : values) {
        eachCallEnds(sound, at, value, "bounded=" + bounded);
      }
    }
    assertThat(kinds).contains(PageMapWord.KIND_LOG, PageMapWord.KIND_LOG_TAIL);
  }

  private void eachCallEnds(BookImage sound, long at, long value, String where) throws IOException {
    Path file = books.file("damaged.book");
    String damage = where + ", position=" + at + ", value=" + Long.toHexString(value);
    BookImage damaged = sound.copy().put(at, value);
    damaged.write(books.directory(), "damaged.book");
    orRefused(() -> use(file, damage), damage);
    orRefused(() -> BookChecker.check(file), damage);
    Files.delete(file);
    damaged.fromAnotherBoot().write(books.directory(), "damaged.book");
    assertThat(BookChecker.check(file).violations()).as(damage).isEmpty();
    Files.delete(file);
  }

  private static void use(Path file, String damage) {
    try (PageBook book = PageBook.open(file, OPTIONS)) {
      for (int i = 0; i < CALLS; i++) {
        int id = i % 3 == 0 ? i : NEW_ID + i;
        orRefused(() -> book.getBytes(id), damage);
        orRefused(() -> book.putBytes(id, TestBytes.of(id, 80)), damage);
        orRefused(() -> book.remove(id / 2), damage);
      }
    }
  }

  /** Runs a call that may be refused. */
  private static void orRefused(Runnable call, String damage) {
    try {
      call.run();
    } catch (BookException e) {
      assertThat(e).as(damage).hasMessageContaining("file=");
    } catch (RuntimeException e) {
      throw new AssertionError(damage, e);
    }
  }
}
