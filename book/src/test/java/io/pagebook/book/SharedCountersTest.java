package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.layout.SlotLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.testing.CheckedBooks;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The counters that all openings of a book share: nothing is lost or added twice. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SharedCountersTest {
  private static final int COUNTERS = SlotLayout.COUNTERS;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inSharedMemory();

  /** What one opening counts: counter {@code i} moves by {@code (i + 1) * times}. */
  private static final class Counting {
    private final AtomicLongArray values = new AtomicLongArray(COUNTERS);

    static Counting in(PageBook book) {
      Counting counting = new Counting();
      book.records().countWith(counting.values::get);
      return counting;
    }

    void count(int times) {
      for (int i = 0; i < COUNTERS; i++) {
        values.addAndGet(i, (i + 1L) * times);
      }
    }
  }

  private static long[] times(long times) {
    long[] expected = new long[COUNTERS];
    for (int i = 0; i < COUNTERS; i++) {
      expected[i] = (i + 1) * times;
    }
    return expected;
  }

  private void countOnce(int times) {
    try (PageBook book = PageBook.open(books.file("a.book"))) {
      Counting.in(book).count(times);
    }
  }

  private static long slotsInUse(PageBook book) {
    long used = 0;
    for (int slot = 0; slot < BookLayout.SLOTS; slot++) {
      long word = Inside.memory(book).getLongVolatile(Inside.geometry(book).slot(slot));
      used += SlotLayout.state(word) == SlotLayout.STATE_EMPTY ? 0 : 1;
    }
    return used;
  }

  @Test
  void ownAreExactAtOnceAndOthersSoon() {
    PageBook mine = books.open("a.book");
    PageBook theirs = books.open("a.book");
    assertThat(mine.records().counters()).containsOnly(0);
    Counting.in(mine).count(3);
    Counting counting = Counting.in(theirs);
    counting.count(4);
    assertThat(mine.records().counters()[0]).isBetween(3L, 7L);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> mine.records().counters()[COUNTERS - 1] == 7 * COUNTERS);
    assertThat(mine.records().counters()).isEqualTo(times(7));
    counting.count(5);
    theirs.close();
    counting.count(6);
    assertThat(mine.records().counters()).as("exact after close").isEqualTo(times(12));
    assertThatThrownBy(() -> theirs.records().counters()).isInstanceOf(BookException.Closed.class);
  }

  @Test
  void aBookHasOneFunctionThatCounts() {
    PageBook book = books.open("a.book");
    Counting.in(book);
    assertThatThrownBy(() -> Counting.in(book)).isInstanceOf(IllegalStateException.class);
  }

  /** 500 that each leave the book alone, 500 beside one that stays; with vacuums in between. */
  @Test
  void thousandOpeningsAddUp() {
    long start = System.nanoTime();
    PageBook held = null;
    for (int i = 1; i <= 1000; i++) {
      countOnce(i);
      if (i % 250 == 0) {
        try (PageBook book = PageBook.open(books.file("a.book"))) {
          book.putBytes(i, new byte[1 << 20]);
          book.remove(i);
          assertThat(book.vacuum()).isPositive();
        }
      }
      if (i == 500) {
        held = books.open("a.book");
        assertThat(held.records().counters()).isEqualTo(times(125_250));
      }
    }
    System.out.println("1,000 openings: " + (System.nanoTime() - start) / 1_000_000 + " ms");
    assertThat(held.records().counters()).isEqualTo(times(500_500));
    assertThat(slotsInUse(held)).isEqualTo(1);
  }

  /** Closing races with vacuums, each of which copies the slots to another file. */
  @Test
  void nothingIsLostWhereVacuumsRaceWithClosing() {
    PageBook book = books.open("a.book");
    Counting counting = Counting.in(book);
    AtomicBoolean enough = new AtomicBoolean();
    List<CompletableFuture<Integer>> openers = new ArrayList<>();
    for (int thread = 0; thread < 2; thread++) {
      openers.add(
          CompletableFuture.supplyAsync(
              () -> {
                int rounds = 0;
                for (; !enough.get(); rounds++) {
                  countOnce(1);
                }
                return rounds;
              }));
    }
    int vacuums = 0;
    try {
      for (; vacuums < 60; vacuums++) {
        book.putBytes(1, new byte[1 << 20]);
        book.remove(1);
        counting.count(1);
        assertThat(book.vacuum()).isPositive();
      }
    } finally {
      enough.set(true);
    }
    int rounds = openers.stream().mapToInt(CompletableFuture::join).sum();
    System.out.println("vacuums=" + vacuums + ", openings meanwhile=" + rounds);
    assertThat(rounds).isGreaterThan(60);
    assertThat(book.records().counters()).isEqualTo(times(vacuums + rounds));
    assertThat(slotsInUse(book)).isEqualTo(1);
  }

  /** Nothing but the housekeeper brings an opening that does nothing to the new file. */
  @Test
  void anIdleOpeningFollowsAVacuum() {
    PageBook book = books.open("a.book");
    Counting idle = Counting.in(books.open("a.book"));
    book.putBytes(1, new byte[1 << 20]);
    book.remove(1);
    assertThat(book.vacuum()).isPositive();
    idle.count(8);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> book.records().counters()[COUNTERS - 1] == 8 * COUNTERS);
  }

  @Test
  void aRestartOfTheMachineKeepsThem() throws IOException {
    countOnce(5);
    BookImage image = BookImage.read(books.file("a.book"));
    image.put(counterAt(image.geometry(), 700, 0), -1); // no process has ever stored that
    books.doNotCheck(image.fromAnotherBoot().write(books.directory(), "a.book"));
    PageBook book = books.open("a.book");
    Counting.in(book).count(2);
    assertThat(book.records().counters()).isEqualTo(times(7));
    assertThat(BookChecker.check(book.file()).violations()).isEmpty();
  }

  @Test
  void theCheckerReportsANegativeOne() {
    PageBook book = books.open("a.book");
    long at = counterAt(Inside.geometry(book), 9, 3);
    Inside.memory(book).putLongVolatile(at, -5);
    assertThat(BookChecker.check(book.file()).violations())
        .containsExactly("a counter is negative: slot=9, counter=3, value=-5");
    Inside.memory(book).putLongVolatile(at, 0);
  }

  private static long counterAt(Geometry geometry, int slot, int index) {
    return geometry.slot(slot) + SlotLayout.counterOffset(index);
  }

  /**
   * A participant that had published 2 is killed when it has made {@code stores} of the 8 stores
   * that publish 5; who reclaims its slot is killed after the first of his two; then others take
   * the slot over.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
  void killedBetweenAnyTwoStores(int stores) {
    PageBook book = books.open("a.book");
    Inside.withoutHousekeeper(book);
    Counting.in(book).count(10);
    PageMemory memory = Inside.memory(book);
    long[] expected = new long[COUNTERS];
    for (int i = 0; i < COUNTERS; i++) {
      long published = (i < stores ? 5 : 2) * (i + 1L);
      memory.putLongVolatile(counterAt(Inside.geometry(book), 1, i), published);
      expected[i] = times(10)[i] + published;
    }
    addKilled(book, 1, SlotLayout.STATE_USED);
    assertThat(book.records().counters()).as("dead, nobody knows").isEqualTo(expected);
    addKilled(book, 1, SlotLayout.STATE_RECLAIMING);
    assertThat(book.records().counters()).as("half reclaimed").isEqualTo(expected);
    Inside.participants(book).reclaimDead();
    assertThat(book.records().counters()).as("reclaimed").isEqualTo(expected);

    try (PageBook next = PageBook.open(book.file())) {
      assertThat(Inside.context(next).self().slot()).isEqualTo(1);
      assertThat(next.records().counters()).as("claimed").isEqualTo(expected);
      Counting.in(next).count(1);
      for (int i = 0; i < COUNTERS; i++) {
        expected[i] += i + 1;
      }
      assertThat(next.records().counters()).as("counted").isEqualTo(expected);
      assertThat(book.records().counters()).as("seen by others").isEqualTo(expected);
    }
    assertThat(book.records().counters()).as("closed").isEqualTo(expected);
  }

  private static void addKilled(PageBook book, int slot, int state) {
    Inside.addKilled(book);
    PageMemory memory = Inside.memory(book);
    long from = Inside.geometry(book).slot(Inside.DEAD_SLOT);
    for (int offset = SlotLayout.PID_OFFSET; offset <= SlotLayout.READ_HOLD_OFFSET; offset += 8) {
      memory.putLongPlain(
          Inside.geometry(book).slot(slot) + offset, memory.getLongPlain(from + offset));
    }
    memory.zero(from, SlotLayout.SLOT_BYTES);
    memory.putLongVolatile(
        Inside.geometry(book).slot(slot), SlotLayout.word(state, Inside.DEAD_INCARNATION));
  }

  /** Others took it for dead, and one of them has its slot now. */
  @Test
  void aRobbedOpeningPublishesNothing() {
    PageBook book = books.open("a.book");
    PageBook robbed = books.open("a.book");
    Inside.withoutHousekeeper(robbed);
    Counting.in(robbed).count(3);
    long at = Inside.geometry(book).slot(Inside.context(robbed).self().slot());
    long word = Inside.memory(book).getLongVolatile(at);
    Inside.memory(book).putLongVolatile(at, word + 1);
    assertThat(robbed.records().counters()).containsOnly(0);
    robbed.close();
    assertThat(book.records().counters()).containsOnly(0);
    assertThat(Inside.memory(book).getLongVolatile(at)).as("another's slot").isEqualTo(word + 1);
    Inside.memory(book).putLongVolatile(at, word - (1L << 32));
  }

  /** The vacuumer has died before it renamed: the old file serves on. */
  @Test
  void closingDoesNotWaitForAVacuumerThatDied() {
    PageBook book = books.open("a.book");
    Inside.withoutHousekeeper(book);
    Counting.in(book).count(3);
    killVacuumer(book, 4711);
    long start = System.nanoTime();
    book.close();
    assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    PageBook next = books.open("a.book");
    assertThat(next.records().counters()).isEqualTo(times(3));
    assertThat(slotsInUse(next)).isEqualTo(1);
  }

  /** The vacuumer has died after it renamed: the old file is still marked moving. */
  @Test
  void closingReachesTheFileOfAVacuumerThatDied() throws IOException {
    PageBook book = books.open("a.book");
    Inside.withoutHousekeeper(book);
    Counting counting = Counting.in(book);
    counting.count(3);
    assertThat(book.records().counters()).isEqualTo(times(3));
    killVacuumer(book, 4711);
    Path copy = books.directory().resolve("copy");
    Files.copy(book.file(), copy); // any but the side file may be read
    try (PageMemory memory = PageMemory.open(copy)) {
      memory.putLongVolatile(BookLayout.FILE_ID_OFFSET, 4711);
      BookHeader.seal(memory);
      memory.putLongVolatile(BookLayout.VACUUM_LOCK_OFFSET, OwnerWord.FREE);
      memory.putLongVolatile(BookLayout.STATE_OFFSET, BookLayout.STATE_ARRIVING);
    }
    Files.move(copy, book.file(), StandardCopyOption.ATOMIC_MOVE);
    counting.count(4);
    book.close();
    PageBook next = books.open("a.book");
    assertThat(next.records().counters()).isEqualTo(times(7));
    assertThat(slotsInUse(next)).isEqualTo(1);
  }

  private static void killVacuumer(PageBook book, long target) {
    PageMemory memory = Inside.memory(book);
    memory.putLongVolatile(BookLayout.VACUUM_LOCK_OFFSET, Inside.deadOwner());
    memory.putLongVolatile(BookLayout.MOVE_TARGET_OFFSET, target);
    memory.putLongVolatile(BookLayout.STATE_OFFSET, BookLayout.STATE_MOVING);
  }

  /** A book that its owner has dropped, open, and with a function that counts. */
  @Test
  void noThreadHoldsABook() {
    List<WeakReference<Object>> dropped = drop();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              System.gc();
              return dropped.stream().allMatch(reference -> reference.get() == null);
            });
  }

  private List<WeakReference<Object>> drop() {
    PageBook book = PageBook.open(books.file("a.book"));
    Counting counting = Counting.in(book);
    counting.count(1);
    assertThat(book.records().counters()).isEqualTo(times(1));
    return List.of(new WeakReference<>(book), new WeakReference<>(counting.values));
  }
}
