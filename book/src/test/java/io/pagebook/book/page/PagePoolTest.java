package io.pagebook.book.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.BookException;
import io.pagebook.book.BookOptions;
import io.pagebook.book.Inside;
import io.pagebook.book.PageBook;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.Seeds;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs of pages, taken and given back by two participants, against a set of pages. */
final class PagePoolTest {
  private static final int STEPS = 3000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  private record Run(long first, int pages, PagePool by) {}

  @ParameterizedTest
  @CsvSource({"1024, 0, 2500", "1024, 7000000, 2500", "4096, 0, 600", "65536, 0, 40"})
  void behavesLikeASetOfPages(int pageSize, long maximum, int longest) {
    SplittableRandom random = Seeds.random("PagePoolTest, page size " + pageSize);
    BookOptions options =
        BookOptions.DEFAULT.withPageSizeBytes(pageSize).withShards(1).withMaximumSizeBytes(maximum);
    PageBook book = books.open("a.book", options);
    PagePool[] pools = {
      Inside.context(book).pool(), Inside.context(books.open("a.book", options)).pool()
    };
    Geometry geometry = Inside.geometry(book);
    PageMemory memory = Inside.memory(book);
    List<Run> runs = new ArrayList<>();
    BitSet taken = new BitSet();
    int refused = 0;
    for (int step = 0; step < STEPS; step++) {
      PagePool pool = pools[random.nextInt(2)];
      if (runs.isEmpty() || random.nextInt(100) < 55) {
        int wanted = 1 + random.nextInt(1 << random.nextInt(1, 12));
        int pages = Math.min(Math.min(wanted, longest), geometry.maxExtentPages());
        long first;
        try {
          first = random.nextInt(10) == 0 ? pool.reserveExisting(pages) : pool.reserve(pages);
        } catch (BookException.Full e) {
          assertThat(maximum).isPositive();
          refused++;
          first = -1;
        }
        if (first >= 0) {
          assertIsARun(geometry, pool.pageCount(), first, pages);
          take(taken, first, pages);
          runs.add(new Run(first, pages, pool));
        } else if (maximum == 0) {
          assertThat(hasFreeRun(geometry, taken, pool.pageCount(), pages)).isFalse();
        }
      } else {
        Run run = runs.remove(random.nextInt(runs.size()));
        run.by.free(run.first);
        taken.clear((int) run.first, (int) run.first + run.pages);
      }
      if (step % 100 == 0) {
        compare(geometry, memory, pools[0].pageCount(), runs, taken);
      }
    }
    compare(geometry, memory, pools[0].pageCount(), runs, taken);
    assertThat(pools[0].pageCount()).isGreaterThan(geometry.groupPages());
    if (maximum != 0) {
      assertThat(refused).isPositive();
      assertThat(pools[0].pageCount()).isLessThanOrEqualTo(maximum / pageSize);
    }
    for (Run run : runs) {
      run.by.free(run.first);
    }
    compare(geometry, memory, pools[0].pageCount(), List.of(), new BitSet());
  }

  private static void take(BitSet taken, long first, int pages) {
    for (int page = (int) first; page < first + pages; page++) {
      assertThat(taken.get(page)).as("page %s is given out twice", page).isFalse();
      taken.set(page);
    }
  }

  private static void assertIsARun(Geometry geometry, long pageCount, long first, int pages) {
    long group = geometry.groupOf(first);
    assertThat(first).isGreaterThanOrEqualTo(geometry.firstDataPage(group));
    assertThat(geometry.groupOf(first + pages - 1)).as("within one group").isEqualTo(group);
    assertThat(first + pages).isLessThanOrEqualTo(pageCount);
  }

  private static boolean hasFreeRun(Geometry geometry, BitSet taken, long pageCount, int pages) {
    int run = 0;
    for (long page = 0; page < pageCount; page++) {
      boolean data = page >= geometry.firstDataPage(geometry.groupOf(page));
      run = data && !taken.get((int) page) ? run + 1 : 0;
      if (run == pages) {
        return true;
      }
    }
    return false;
  }

  /** The page map, word by word. */
  private static void compare(
      Geometry geometry, PageMemory memory, long pageCount, List<Run> runs, BitSet taken) {
    assertThat(memory.ensureCovers(geometry.position(pageCount) - 1, 1)).isTrue();
    BitSet mapped = new BitSet();
    for (Run run : runs) {
      long word = memory.getLongVolatile(geometry.mapWord(run.first));
      assertThat(PageMapWord.kind(word)).isEqualTo(PageMapWord.KIND_RESERVED);
      assertThat(PageMapWord.pages(word)).isEqualTo(run.pages);
      mapped.set((int) run.first, (int) run.first + run.pages);
      for (long page = run.first + 1; page < run.first + run.pages; page++) {
        assertThat(memory.getLongVolatile(geometry.mapWord(page)))
            .isEqualTo(PageMapWord.tail(page - run.first));
      }
    }
    assertThat(mapped).isEqualTo(taken);
    for (long page = 0; page < pageCount; page++) {
      if (page >= geometry.firstDataPage(geometry.groupOf(page)) && !taken.get((int) page)) {
        assertThat(memory.getLongVolatile(geometry.mapWord(page)))
            .as("page %s", page)
            .isEqualTo(PageMapWord.FREE);
      }
    }
  }

  /** Two threads of each of two participants, and a mark for each page that one of them has. */
  @Test
  void noPageIsGivenOutTwiceUnderContention() throws InterruptedException {
    long seed = Seeds.seed("PagePoolTest, contention");
    BookOptions options = BookOptions.DEFAULT.withPageSizeBytes(1024).withShards(1);
    PageBook[] opened = {books.open("a.book", options), books.open("a.book", options)};
    AtomicIntegerArray holders = new AtomicIntegerArray(1 << 16);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      int self = i;
      PagePool pool = Inside.context(opened[i % 2]).pool();
      Thread thread =
          new Thread(
              () -> contend(pool, new SplittableRandom(seed + self), holders, self), "pool-" + i);
      thread.setUncaughtExceptionHandler((t, e) -> failure.compareAndSet(null, e));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
    PagePool pool = Inside.context(opened[0]).pool();
    compare(
        Inside.geometry(opened[0]),
        Inside.memory(opened[0]),
        pool.pageCount(),
        List.of(),
        new BitSet());
  }

  private static void contend(
      PagePool pool, SplittableRandom random, AtomicIntegerArray holders, int self) {
    List<Run> runs = new ArrayList<>();
    for (int step = 0; step < STEPS || !runs.isEmpty(); step++) {
      if (step < STEPS && (runs.isEmpty() || random.nextBoolean()) && runs.size() < 20) {
        int pages = 1 + random.nextInt(1 << random.nextInt(1, 8));
        long first = pool.reserve(pages);
        for (int page = (int) first; page < first + pages; page++) {
          assertThat(holders.getAndSet(page, self)).as("page %s", page).isZero();
        }
        runs.add(new Run(first, pages, pool));
      } else {
        Run run = runs.remove(random.nextInt(runs.size()));
        for (int page = (int) run.first; page < run.first + run.pages; page++) {
          assertThat(holders.getAndSet(page, 0)).as("page %s", page).isEqualTo(self);
        }
        pool.free(run.first);
      }
    }
  }

  /** The last page of a bounded book can be had for upkeep, and the next one is refused. */
  /** A book that evicts would evict all it has, and grow none the more. */
  @Test
  void whatRoomDoesNotHelpIsNotTakenForAFullDisk() {
    PageBook book = books.open("a.book");
    PagePool pool = Inside.context(book).pool();
    Inside.memory(book).close(); // its channels with it
    assertThatThrownBy(() -> pool.reserve(Inside.geometry(book).maxExtentPages()))
        .isInstanceOf(BookException.Refused.class)
        .hasMessageContaining("the file cannot grow")
        .hasMessageContaining(book.file().toString());
    assertThat(PageMemory.isForLackOfRoom(new IOException("Input/output error"))).isFalse();
    assertThat(PageMemory.isForLackOfRoom(new IOException("No space left on device"))).isTrue();
    assertThat(
            PageMemory.isForLackOfRoom(new FileSystemException("a", null, "Too many open files")))
        .isFalse();
    assertThat(
            PageMemory.isForLackOfRoom(new FileSystemException("a", null, "Disk quota exceeded")))
        .isTrue();
  }

  @Test
  void boundedBookGivesAllItsPagesAndThenRefuses() {
    BookOptions options =
        BookOptions.DEFAULT.withPageSizeBytes(1024).withShards(1).withMaximumSizeBytes(3_000_000);
    PageBook book = books.open("a.book", options);
    PagePool pool = Inside.context(book).pool();
    Geometry geometry = Inside.geometry(book);
    List<Long> pages = new ArrayList<>();
    for (long left = geometry.dataPages(3_000_000 / 1024); left > 0; left--) {
      pages.add(pool.reserveForUpkeep(1));
    }
    assertThat(pages).doesNotHaveDuplicates();
    assertThatThrownBy(() -> pool.reserveForUpkeep(1))
        .isInstanceOf(BookException.Full.class)
        .hasMessageContaining("maximumBytes=2999296");
    assertThat(pool.reserveExistingForUpkeep(1)).isEqualTo(-1);
    pool.free(pages.get(17));
    assertThat(pool.reserveForUpkeep(1)).isEqualTo(pages.get(17));
    pages.forEach(pool::free);
    pool.free(pool.reserve(100));
  }

  /** Freeing what is not one's own reservation changes nothing. */
  @Test
  void pagesThatWereReservedAndGivenBackAreCountedOnce() {
    BookOptions options =
        BookOptions.DEFAULT
            .withPageSizeBytes(1024)
            .withShards(1)
            .withInitialSizeBytes(1 << 19)
            .withMaximumSizeBytes(1 << 20);
    PagePool pool = Inside.context(books.open("a.book", options)).pool();
    long left = pool.pagesLeft();
    for (int pages : new int[] {1, 5, 40}) {
      assertThat(pool.reserveExisting(pages)).isPositive();
    }
    assertThat(pool.pagesLeft()).isEqualTo(left - 46);
    pool.freeReservedBySelf(); // as the pages of the dead are freed
    assertThat(pool.pagesLeft()).isEqualTo(left);
  }

  /**
   * As when a dead one's pages are freed while the living go on: at most one of them is in between.
   */
  @Test
  void recountLosesNoChangesThatItMeets() {
    BookOptions options = BookOptions.DEFAULT.withShards(1).withMaximumSizeBytes(32 << 20);
    PageBook book = books.open("a.book", options.withInitialSizeBytes(32 << 20));
    PagePool pool = Inside.context(book).pool();
    PagePool others = Inside.context(books.open("a.book")).pool();
    long left = pool.pagesLeft();
    int pages = 50;
    for (int round = 0; round < 200; round++) {
      List<Long> runs = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        runs.add(pool.reserveExisting(pages));
      }
      CompletableFuture<Void> recount = CompletableFuture.runAsync(others::freeReservedBySelf);
      runs.forEach(pool::free);
      assertThat(recount).succeedsWithin(Duration.ofSeconds(20));
      assertThat(pool.pagesLeft()).isBetween(left - pages, left + pages);
      others.freeReservedBySelf();
      assertThat(pool.pagesLeft()).isEqualTo(left);
    }
  }

  @Test
  void onlyTheReserverFreesItsRun() {
    PageBook book = books.open("a.book");
    PagePool mine = Inside.context(book).pool();
    PagePool others = Inside.context(books.open("a.book")).pool();
    long first = mine.reserve(5);
    long word = Inside.memory(book).getLongVolatile(Inside.geometry(book).mapWord(first));
    others.free(first);
    mine.free(first + 1);
    mine.freeOwned(first, PageMapWord.owned(PageMapWord.KIND_LOG, 5, 0));
    assertThat(Inside.memory(book).getLongVolatile(Inside.geometry(book).mapWord(first)))
        .isEqualTo(word);
    mine.free(first);
    assertThat(others.reserve(5)).isEqualTo(first);
    others.free(first);
  }
}
