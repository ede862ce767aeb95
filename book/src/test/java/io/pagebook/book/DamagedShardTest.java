package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.layout.SegmentLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.testing.CheckedBooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
  private static final int LINKED_RECORDS = 1000;

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

  /** Each segment is given up in the end, and no store goes where a wrong link leads to. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void damagedLinksOfSegmentsLeadNowhere(boolean bounded) throws IOException {
    Path file = books.file("damaged.book");
    books.doNotCheck(file);
    BookOptions options = OPTIONS.withShards(1).withPageSizeBytes(1024);
    if (bounded) {
      options = options.withMaximumEntries(LINKED_RECORDS).withOnFull(BookOptions.OnFull.EVICT);
    }
    try (PageBook book = PageBook.open(file, options)) {
      for (int id = 0; id < LINKED_RECORDS; id++) {
        book.putBytes(id, TestBytes.of(id, 300));
      }
    }
    BookImage sound = BookImage.read(file);
    Files.delete(file);
    Geometry geometry = sound.geometry();
    List<Long> segments = new ArrayList<>();
    for (long page = geometry.firstDataPage(0);
        page < geometry.groupPages() && geometry.position(page) < sound.size();
        page++) {
      if (PageMapWord.kind(sound.get(geometry.mapWord(page))) == PageMapWord.KIND_LOG) {
        segments.add(geometry.position(page));
      }
    }
    assertThat(segments).hasSizeGreaterThan(5);
    long[] links = {SegmentLayout.NEXT_OFFSET, SegmentLayout.PREVIOUS_OFFSET};
    for (long segment : segments.subList(0, 6)) {
      for (long link : links) {
        for (long value : new long[] {0, -1, 8, segment, segments.get(0), sound.size()}) {
          String damage = "bounded=" + bounded + ", position=" + (segment + link) + ": " + value;
          sound.copy().put(segment + link, value).write(books.directory(), "damaged.book");
          orRefused(() -> replaceAll(file, damage), damage);
          BookImage left = BookImage.read(file);
          for (long at = 0; at < BookLayout.CHECK_OFFSET; at += Long.BYTES) {
            if (at != BookLayout.PAGE_COUNT_OFFSET) {
              assertThat(left.get(at)).as("%s: page 0 at %s", damage, at).isEqualTo(sound.get(at));
            }
          }
          Files.delete(file);
        }
      }
    }
  }

  private static void replaceAll(Path file, String damage) {
    try (PageBook book = PageBook.open(file, OPTIONS)) {
      for (int id = 0; id < LINKED_RECORDS; id++) {
        int old = id;
        orRefused(() -> book.remove(old), damage);
        orRefused(() -> book.putBytes(NEW_ID + old, TestBytes.of(old, 300)), damage);
      }
    }
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
