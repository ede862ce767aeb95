package io.pagebook.book.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.BookChecker;
import io.pagebook.book.BookException;
import io.pagebook.book.BookImage;
import io.pagebook.book.BookOptions;
import io.pagebook.book.Inside;
import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.JournalEntry;
import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.layout.SegmentLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.book.process.SharedLock;
import io.pagebook.testing.CheckedBooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A commit that its process did not live to complete: cut off before the intent it never was, cut
 * off after each of its steps it is completed by whoever takes the lock next.
 */
final class JournalTest {
  private static final BookOptions OPTIONS =
      BookOptions.DEFAULT
          .withPageSizeBytes(1024)
          .withShards(1)
          .withLockTimeout(Duration.ofSeconds(5));
  private static final int ID = 5000;
  private static final int PROBE = 6000;
  private static final int[] ALL_BUT_SET = {
    JournalEntry.ADOPT, JournalEntry.RELEASE, JournalEntry.FREE_SEGMENT
  };
  private static final long EXPIRY = 4_102_444_800_000L;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  /**
   * What is committed.
   *
   * @param operations those of the journal's that it needs beside {@link JournalEntry#SET}
   * @param prepare what goes before
   * @param run the change
   * @param verify how it shows
   */
  record Change(
      String name,
      Set<Integer> operations,
      Consumer<PageBook> prepare,
      Consumer<PageBook> run,
      Consumer<PageBook> verify) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Change> changes() {
    return Stream.of(
        new Change(
            "add",
            Set.of(),
            book -> {},
            book -> book.putString(ID, "new"),
            book -> string(book, "new")),
        new Change(
            "replace in a new place",
            Set.of(),
            book -> book.putString(ID, "old"),
            book -> book.putString(ID, "new and longer than before"),
            book -> string(book, "new and longer than before")),
        new Change(
            "replace in a dead place",
            Set.of(),
            JournalTest::threeOfOneSize,
            book -> book.putString(ID, "brand"),
            book -> string(book, "brand")),
        new Change(
            "remove",
            Set.of(),
            book -> book.putString(ID, "old"),
            book -> book.remove(ID),
            book -> assertThat(book.contains(ID)).isFalse()),
        new Change(
            "add large",
            Set.of(JournalEntry.ADOPT),
            book -> {},
            book -> book.putBytes(ID, bytes(100_000, 1)),
            book -> bytes(book, 100_000, 1)),
        new Change(
            "replace large",
            Set.of(JournalEntry.ADOPT, JournalEntry.RELEASE),
            book -> book.putBytes(ID, bytes(100_000, 1)),
            book -> book.putBytes(ID, bytes(150_000, 2)),
            book -> bytes(book, 150_000, 2)),
        new Change(
            "replace large by small",
            Set.of(JournalEntry.RELEASE),
            book -> book.putBytes(ID, bytes(100_000, 1)),
            book -> book.putString(ID, "small"),
            book -> string(book, "small")),
        new Change(
            "remove large",
            Set.of(JournalEntry.RELEASE),
            book -> book.putBytes(ID, bytes(100_000, 1)),
            book -> book.remove(ID),
            book -> assertThat(book.contains(ID)).isFalse()),
        new Change(
            "touch",
            Set.of(),
            book -> expiring(book, EXPIRY),
            JournalTest::touch,
            JournalTest::touched),
        new Change(
            "attach a segment",
            Set.of(),
            book -> book.putString(ID, "old"),
            JournalTest::attachSegment,
            book -> string(book, "old")),
        new Change(
            "attach index pages",
            Set.of(),
            book -> book.putString(ID, "old"),
            JournalTest::attachIndex,
            book -> string(book, "old")),
        new Change(
            "detach a segment",
            Set.of(JournalEntry.FREE_SEGMENT),
            JournalTest::emptyTheOldestSegment,
            JournalTest::detachOldest,
            book -> string(book, "stays")),
        new Change(
            "move a record",
            Set.of(),
            JournalTest::oneAliveInItsSegment,
            JournalTest::cleanOneStep,
            book -> string(book, "alive, and of a size of its own")));
  }

  /** The commits that an eviction is made of. */
  static Stream<Change> evictions() {
    return Stream.of(
        new Change(
            "evict from the window",
            Set.of(),
            book -> {},
            book -> removeHead(book, ShardParts::window),
            JournalTest::allStringsButOne),
        new Change(
            "evict from the main log",
            Set.of(),
            book -> {},
            book -> removeHead(book, ShardParts::main),
            JournalTest::allStringsButOne),
        new Change(
            "evict a large value",
            Set.of(JournalEntry.RELEASE),
            JournalTest::onlyALargeValue,
            book -> removeHead(book, ShardParts::window),
            book -> assertThat(book.contains(ID)).isFalse()),
        new Change(
            "move from the window to the main log",
            Set.of(),
            book -> {},
            JournalTest::moveToMain,
            JournalTest::hundredStrings),
        new Change(
            "move a large value from the window to the main log",
            Set.of(),
            book -> {
              onlyALargeValue(book);
              attachTo(book, ShardParts::main, 1);
            },
            JournalTest::moveToMain,
            book -> bytes(book, 100_000, 1)),
        new Change(
            "replace in the window",
            Set.of(JournalEntry.RELEASE),
            JournalTest::onlyALargeValue,
            book -> book.putString(ID, "new"),
            book -> string(book, "new")),
        new Change(
            "attach a segment to the window",
            Set.of(),
            book -> {},
            book -> attachTo(book, ShardParts::window, 3),
            JournalTest::hundredStrings),
        new Change(
            "grow the sketch",
            Set.of(JournalEntry.FREE_SEGMENT),
            book -> {},
            JournalTest::growSketch,
            JournalTest::hundredStrings));
  }

  @ParameterizedTest
  @MethodSource("evictions")
  void evictionCutOffAnywhere(Change change) throws IOException {
    cutOff(change, OPTIONS.withMaximumEntries(1000).withOnFull(BookOptions.OnFull.EVICT));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void cutOffAnywhere(Change change) throws IOException {
    cutOff(change, OPTIONS);
  }

  private void cutOff(Change change, BookOptions options) throws IOException {
    Path file = books.file("a.book");
    CutOffCommit commit;
    BookImage before;
    try (PageBook book = PageBook.open(file, options)) {
      fill(book, 100);
      change.prepare.accept(book);
    }
    BookImage closed = BookImage.read(file);
    try (PageBook book = PageBook.open(file, OPTIONS)) {
      clearJournal(book);
      before = closed.again(file);
      change.run.accept(book);
      change.verify.accept(book);
      commit = new CutOffCommit(before, closed.again(file));
    }
    assertThat(commit.entries()).isPositive();
    for (int operation : ALL_BUT_SET) {
      assertThat(commit.has(operation)).isEqualTo(change.operations.contains(operation));
    }
    for (int applied = 0; applied <= commit.entries(); applied++) {
      succeed(commit.upTo(applied), change.verify, "applied " + applied);
    }
    succeed(commit.beforeIntent(), book -> {}, "before the intent");
  }

  /** The add that overflows a bucket, and the one that splits one, whichever they are. */
  @Test
  void overflowAndSplitCutOffAnywhere() throws IOException {
    boolean overflowed = false;
    boolean split = false;
    Path file = books.file("a.book");
    PageBook.open(file, OPTIONS).close();
    BookImage closed = BookImage.read(file);
    PageBook book = books.open("a.book", OPTIONS);
    for (int id = 0; !overflowed || !split; id++) {
      clearJournal(book);
      BookImage before = closed.again(file);
      long level = shardWord(book, ShardLayout.LEVEL_SPLIT_OFFSET);
      long used = shardWord(book, ShardLayout.OVERFLOW_NEXT_OFFSET);
      long end = shardWord(book, ShardLayout.INDEX_END_OFFSET);
      long newest = shardWord(book, ShardLayout.NEWEST_SEGMENT_OFFSET);
      boolean takesNew = shardWord(book, ShardLayout.OVERFLOW_FREE_OFFSET) == 0;
      book.putString(id, "id " + id);
      boolean splits = shardWord(book, ShardLayout.LEVEL_SPLIT_OFFSET) != level;
      boolean overflows = shardWord(book, ShardLayout.OVERFLOW_NEXT_OFFSET) != used;
      // what needed pages had another commit before
      if (shardWord(book, ShardLayout.INDEX_END_OFFSET) != end
          || shardWord(book, ShardLayout.NEWEST_SEGMENT_OFFSET) != newest) {
        continue;
      }
      if (splits && takesNew && !overflows && !split) {
        CutOffCommit commit = new CutOffCommit(before, closed.again(file));
        // not one of an empty bucket, nor one that moved the very slot that the add had just filled
        split = commit.entries() > 2 && holds(commit.beforeIntent(), id);
        if (split) {
          succeedAnywhere(commit, id, id); // the split follows the add
        }
      } else if (overflows && !splits && !overflowed) {
        overflowed = true;
        CutOffCommit commit = new CutOffCommit(before, closed.again(file));
        assertThat(commit.entries()).isGreaterThan(9);
        succeedAnywhere(commit, id, id - 1);
      }
    }
  }

  private void succeedAnywhere(CutOffCommit commit, int last, int lastBefore) throws IOException {
    for (int applied = 0; applied <= commit.entries(); applied++) {
      succeed(commit.upTo(applied), copy -> allThere(copy, last), "applied " + applied);
    }
    succeed(commit.beforeIntent(), copy -> allThere(copy, lastBefore), "before the intent");
  }

  private boolean holds(BookImage image, int id) throws IOException {
    Path file = image.write(books.directory(), "look.book");
    try (PageBook book = PageBook.open(file, OPTIONS)) {
      return book.contains(id);
    } finally {
      Files.delete(file);
    }
  }

  private static void allThere(PageBook book, int last) {
    for (int id = 0; id <= last; id++) {
      assertThat(book.getString(id)).isEqualTo("id " + id);
    }
  }

  /** Opens the image, lets one operation take the lock, and looks at all. */
  private void succeed(BookImage image, Consumer<PageBook> verify, String when) throws IOException {
    Path file = image.write(books.directory(), "cut.book");
    try (PageBook book = PageBook.open(file, OPTIONS)) {
      assertThat(book.addString(PROBE, "probe")).as(when).isTrue();
      assertThat(shardWord(book, ShardLayout.INTENT_OFFSET)).as(when).isZero();
      assertThat(shardWord(book, ShardLayout.RELOCATIONS_OFFSET) & 1).as(when).isZero();
      assertThat(Inside.memory(book).getLongVolatile(BookLayout.generation(0)) & 1)
          .as(when)
          .isZero();
      verify.accept(book);
    }
    assertThat(BookChecker.check(file).violations()).as(when).isEmpty();
    Files.delete(file);
  }

  @Test
  void damagedJournalIsAnErrorAndTheLockIsFree() throws IOException {
    Path file = books.file("a.book");
    books.doNotCheck(file);
    PageBook book = PageBook.open(file, OPTIONS);
    book.putString(1, "one");
    book.close();
    BookImage image = BookImage.read(file);
    long shard = image.geometry().shard(0);
    long intent = shard + ShardLayout.INTENT_OFFSET;
    long entry = shard + ShardLayout.JOURNAL_OFFSET;
    BookImage[] damaged = {
      image.copy().put(intent, 289),
      image.copy().put(intent, -1),
      image.copy().put(intent, 1).put(entry, 7),
      image.copy().put(intent, 1).put(entry, JournalEntry.target(JournalEntry.SET, 1L << 50)),
      image.copy().put(intent, 1).put(entry, JournalEntry.target(JournalEntry.FREE_SEGMENT, -8)),
    };
    for (BookImage each : damaged) {
      each.write(books.directory(), "a.book");
      try (PageBook again = PageBook.open(file, OPTIONS)) {
        for (int attempt = 0; attempt < 2; attempt++) {
          assertThatThrownBy(() -> again.putString(1, "two"))
              .isInstanceOf(BookException.Corrupt.class)
              .hasMessageContaining("the journal");
          assertThat(shardWord(again, ShardLayout.LOCK_OFFSET)).isEqualTo(OwnerWord.FREE);
        }
        assertThat(again.getString(1)).isEqualTo("one");
      }
    }
  }

  private static void fill(PageBook book, int count) {
    for (int id = 0; id < count; id++) {
      book.putString(id, "string " + id);
    }
  }

  private static long shardWord(PageBook book, int offset) {
    return Inside.memory(book).getLongVolatile(Inside.shardAt(book, 0) + offset);
  }

  private static void clearJournal(PageBook book) {
    long journal = Inside.shardAt(book, 0) + ShardLayout.JOURNAL_OFFSET;
    Inside.memory(book).zero(journal, 16L * ShardLayout.JOURNAL_ENTRIES);
  }

  private static void string(PageBook book, String expected) {
    assertThat(book.getString(ID)).isEqualTo(expected);
  }

  private static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i / 7 + seed);
    }
    return bytes;
  }

  private static void bytes(PageBook book, int length, int seed) {
    assertThat(Arrays.equals(book.getBytes(ID), bytes(length, seed))).isTrue();
  }

  /** The place of the second is dead when the third is there. */
  private static void threeOfOneSize(PageBook book) {
    book.putString(ID, "older");
    book.putString(ID, "young");
    book.putString(ID, "third");
  }

  private static void expiring(PageBook book, long expiry) {
    RecordBuffer buffer = new RecordBuffer();
    buffer.setId(ID);
    buffer.startValue(3);
    buffer.setExpiryMillis(expiry);
    book.records().put(buffer);
  }

  private static void touch(PageBook book) {
    RecordBuffer buffer = new RecordBuffer();
    buffer.setId(ID);
    assertThat(book.records().get(buffer)).isTrue();
    assertThat(book.records().touch(buffer, buffer.stamp(), EXPIRY + 1)).isTrue();
  }

  private static void touched(PageBook book) {
    RecordBuffer buffer = new RecordBuffer();
    buffer.setId(ID);
    assertThat(book.records().get(buffer)).isTrue();
    assertThat(buffer.expiryMillis()).isEqualTo(EXPIRY + 1);
  }

  /** The parts of a shard, put together once more, to run them one at a time. */
  private static final class Parts implements AutoCloseable {
    private final StoreContext context;
    private final SharedLock lock;
    private final Journal journal;
    private final RecordLog log;
    private final ShardParts parts;

    Parts(PageBook book) {
      context = Inside.context(book);
      lock = Inside.shardLock(book, 0);
      lock.lock(1_000_000_000);

      parts = ShardParts.of(context, 0, lock, key -> Inside.hash(book, key));
      journal = parts.journal();
      log = parts.main();
    }

    @Override
    public void close() {
      lock.unlock();
    }
  }

  private static void removeHead(PageBook book, Function<ShardParts, RecordLog> log) {
    try (Parts parts = new Parts(book)) {
      EvictionQueue queue = new EvictionQueue(parts.parts, log.apply(parts.parts));
      assertThat(queue.head()).isTrue();
      parts.parts.newRemover().remove(queue.record(), queue.slotPosition(), false);
    }
  }

  private static void moveToMain(PageBook book) {
    try (Parts parts = new Parts(book)) {
      EvictionQueue queue = new EvictionQueue(parts.parts, parts.parts.window());
      assertThat(queue.head()).isTrue();
      RecordMover mover = new RecordMover(parts.parts);
      assertThat(mover.move(queue.record(), queue.slotPosition(), queue.hash(), parts.log))
          .isTrue();
    }
  }

  private static void onlyALargeValue(PageBook book) {
    for (int id = 0; id < 100; id++) {
      book.remove(id);
    }
    book.putBytes(ID, bytes(100_000, 1));
  }

  private static void attachTo(PageBook book, Function<ShardParts, RecordLog> log, int pages) {
    try (Parts parts = new Parts(book)) {
      long page = parts.context.pool().reserve(pages);
      log.apply(parts.parts).attach(parts.journal, page, pages);
    }
  }

  private static void growSketch(PageBook book) {
    try (Parts parts = new Parts(book)) {
      long page = parts.context.pool().reserve(4);
      new FrequencySketch(parts.context, 0).attach(parts.journal, page, 4);
    }
  }

  private static void allStringsButOne(PageBook book) {
    int found = 0;
    for (int id = 0; id < 100; id++) {
      found += book.contains(id) ? 1 : 0;
    }
    assertThat(found).isEqualTo(99);
  }

  private static void hundredStrings(PageBook book) {
    for (int id = 0; id < 100; id++) {
      assertThat(book.getString(id)).isEqualTo("string " + id);
    }
  }

  private static void attachSegment(PageBook book) {
    attachSegment(book, 3);
  }

  private static void attachSegment(PageBook book, int pages) {
    try (Parts parts = new Parts(book)) {
      long page = parts.context.pool().reserve(pages);
      parts.log.attach(parts.journal, page, pages);
    }
  }

  private static void attachIndex(PageBook book) {
    try (Parts parts = new Parts(book)) {
      long page = parts.context.pool().reserve(4);
      PageMemory memory = parts.context.memory();
      memory.zero(parts.context.geometry().position(page), 4096);
      new IndexSpace(parts.context, 0).attach(parts.journal, page, 4);
    }
  }

  /** The first segments hold the hundred strings. */
  private static void emptyTheOldestSegment(PageBook book) {
    book.putString(ID, "goes, to make room for itself where the others are not");
    book.putBytes(ID + 1, new byte[3000]);
    book.putString(ID, "stays");
    try (Parts parts = new Parts(book)) {
      assertThat(parts.log.get(ShardLayout.OLDEST_SEGMENT_OFFSET))
          .isNotEqualTo(parts.log.get(ShardLayout.NEWEST_SEGMENT_OFFSET));
    }
    for (int id = 0; id < 100; id++) {
      book.remove(id);
    }
  }

  private static void detachOldest(PageBook book) {
    try (Parts parts = new Parts(book)) {
      long oldest = parts.log.get(ShardLayout.OLDEST_SEGMENT_OFFSET);
      assertThat(parts.log.liveBytes(oldest)).isZero();
      parts.log.detach(parts.journal, oldest);
    }
  }

  /**
   * A segment of which the first record alone is alive, and with so many dead ones behind it that
   * cleaning it takes two steps; among others so full that nothing else is cleaned.
   */
  private static void oneAliveInItsSegment(PageBook book) {
    for (int id = 0; id < 10; id++) {
      book.putBytes(1000 + id, new byte[20_000]);
    }
    for (int id = 0; id < 100; id++) {
      book.remove(id);
    }
    attachSegment(book, 8);
    book.putString(ID, "alive, and of a size of its own");
    for (int id = 0; id < 120; id++) {
      book.putBytes(id, new byte[40]); // of another size than the dead: appended
    }
    attachSegment(book, 8);
    for (int id = 0; id < 120; id++) {
      book.remove(id);
    }
    try (Parts parts = new Parts(book)) {
      long segment = parts.log.get(ShardLayout.OLDEST_SEGMENT_OFFSET);
      long newest = parts.log.get(ShardLayout.NEWEST_SEGMENT_OFFSET);
      while (segment != newest) {
        long next = parts.context.memory().getLongPlain(segment + SegmentLayout.NEXT_OFFSET);
        if (parts.log.liveBytes(segment) == 0) {
          parts.log.detach(parts.journal, segment);
        }
        segment = next;
      }
    }
  }

  private static void cleanOneStep(PageBook book) {
    try (Parts parts = new Parts(book)) {
      Cleaner cleaner = new Cleaner(parts.parts);
      assertThat(cleaner.step()).isEqualTo(Cleaner.Step.PROGRESS);
    }
  }
}
