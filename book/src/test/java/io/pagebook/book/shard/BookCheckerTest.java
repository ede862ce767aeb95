package io.pagebook.book.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.BookChecker;
import io.pagebook.book.BookOptions;
import io.pagebook.book.Inside;
import io.pagebook.book.PageBook;
import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.layout.RecordLayout;
import io.pagebook.book.layout.SegmentLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.testing.CheckedBooks;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The checker sees each invariant that is broken: one word of a sound book is changed at a time.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BookCheckerTest {
  private static final int SMALL = 4_000;
  private static final int LARGE = 24; // at random over two shards
  private static final int BIG_VALUE = 100_000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private PageBook book;
  private PageMemory memory;
  private Geometry geometry;
  private ShardIndex index;

  @BeforeEach
  void fill() {
    book = books.open("a.book", BookOptions.DEFAULT.withShards(2).withPageSizeBytes(1024));
    for (int id = 0; id < SMALL; id++) {
      book.putBytes(id, new byte[id % 60]);
    }
    for (int id = SMALL; id < SMALL + LARGE; id++) {
      book.putBytes(id, new byte[BIG_VALUE]);
    }
    book.putBytes(SMALL + LARGE, new byte[BIG_VALUE]);
    book.remove(SMALL + LARGE); // else no page might be free
    memory = Inside.memory(book);
    geometry = Inside.geometry(book);
    index = new ShardIndex(Inside.context(book), 0);
  }

  /** What is broken, and what the checker must say. */
  enum Damage {
    RECORDS("records is wrong", t -> t.addToShard(ShardLayout.RECORDS_OFFSET, 1)),
    LIVE_BYTES("liveBytes is wrong", t -> t.addToShard(ShardLayout.LIVE_BYTES_OFFSET, 8)),
    LARGE_BYTES("largeBytes is wrong", t -> t.addToShard(ShardLayout.LARGE_BYTES_OFFSET, 8)),
    LOG_BYTES("logBytes is wrong", t -> t.addToShard(ShardLayout.LOG_BYTES_OFFSET, 8)),
    OVERFLOW_COUNT(
        "overflowBuckets is wrong", t -> t.addToShard(ShardLayout.OVERFLOW_COUNT_OFFSET, 1)),
    STAMP("stamp was never given", t -> t.addToShard(ShardLayout.STAMP_OFFSET, -SMALL)),
    SEGMENTS_STAMP(
        "the segments' stamp was never given",
        t -> t.addToShard(ShardLayout.SEGMENTS_STAMP_OFFSET, SMALL)),
    SEGMENTS_STAMP_TOO_OLD(
        "a segment is younger than the segments' stamp",
        t -> t.addToShard(ShardLayout.SEGMENTS_STAMP_OFFSET, -1)),
    LEVEL(
        "level and split are more than an index can have",
        t -> t.put(t.shard() + ShardLayout.LEVEL_SPLIT_OFFSET, ShardLayout.levelSplit(50, 1))),
    LEVEL_CHECK(
        "level and split do not fit their check",
        t -> t.add(t.shard() + ShardLayout.LEVEL_SPLIT_OFFSET, 1L << 40)),
    NEWEST_SEGMENT(
        "newest segment is wrong",
        t -> t.put(t.shard() + ShardLayout.NEWEST_SEGMENT_OFFSET, t.oldestSegment())),
    SEGMENT_NUMBER(
        "segments are not in the order of their numbers",
        t -> t.put(t.secondSegment() + SegmentLayout.NUMBER_OFFSET, 1)),
    SEGMENT_MARK(
        "list of segments is broken", t -> t.add(t.oldestSegment() + SegmentLayout.MARK_OFFSET, 1)),
    SEGMENT_LOOP(
        "list of segments is broken",
        t -> t.put(t.secondSegment() + SegmentLayout.NEXT_OFFSET, t.oldestSegment())),
    SEGMENT_PREVIOUS(
        "previous of segment", t -> t.put(t.secondSegment() + SegmentLayout.PREVIOUS_OFFSET, 0)),
    SEGMENT_END(
        "a segment ends outside itself",
        t -> t.put(t.oldestSegment() + SegmentLayout.END_OFFSET, t.oldestSegment() + (1 << 26))),
    PAGE_LIVE_BYTES("liveBytes of page", t -> t.add(t.mapWord(t.oldestSegment()), 1 << 16)),
    RECORD_LENGTH(
        "a segment cannot be walked",
        t -> t.put(t.firstRecord() + RecordLayout.SIZES_OFFSET, 0xFFFFFFL << 40)),
    VALUE(
        "checksum is wrong",
        t -> t.add(t.record(at -> t.valueBytes(at) > 20) + RecordLayout.FIXED_BYTES + 8, 1)),
    LARGE_VALUE(
        "checksum is wrong", t -> t.add(t.geometry.position(t.extentPage(t.large())) + 4_096, 1)),
    SLOT_NOWHERE(
        "a slot points to no record", t -> t.put(t.slot(), BucketLayout.slot(1, 1L << 40))),
    SLOT_TWICE("two slots point to one record", BookCheckerTest::doubleSlot),
    KEY_TWICE("a key is there twice", BookCheckerTest::doubleSlot),
    SLOT_TAG("a slot has the wrong tag", t -> t.add(t.slot(), 1L << 40)),
    SLOT_LOST("a bucket does not fit its check", t -> t.put(t.countedSlot(), BucketLayout.EMPTY)),
    BUCKET_CHECK(
        "a bucket does not fit its check",
        t -> t.put(t.bucket(), t.memory.getLongPlain(t.bucket()) ^ (1L << 63))),
    SLOT_BUCKET("a record is in the wrong bucket", BookCheckerTest::moveSlot),
    SLOT_SHARD("a record is in the wrong shard", BookCheckerTest::pointIntoTheOtherShard),
    SLOT_SEGMENT(
        "a record lies in no segment of its shard", BookCheckerTest::pointIntoTheOtherShard),
    CHAIN_LOOP(
        "a chain of buckets is broken",
        t -> t.put(t.bucket(), BucketLayout.withNext(0, t.bucket()))),
    DIRECTORY("a chain of buckets is broken", t -> t.put(t.index.directoryRoot(0), 0)),
    DIRECTORY_BEYOND(
        "index storage lies outside the file", t -> t.put(t.index.directoryRoot(5), 1L << 45)),
    INDEX_OWNER(
        "index storage is not the shard's",
        t -> t.put(t.index.directoryRoot(5), t.oldestSegment())),
    FREE_OVERFLOW_LOOP(
        "the list of free overflow buckets is broken",
        t -> {
          t.put(t.shard() + ShardLayout.OVERFLOW_FREE_OFFSET, t.bucket());
          t.put(t.bucket(), BucketLayout.withNext(0, t.bucket()));
        }),
    EXTENT_OWNER(
        "the page map does not give an extent to its user",
        t -> t.add(t.mapWord(t.oldestSegment()), 1)),
    EXTENT_TAIL(
        "a page does not point to the start of its extent",
        t -> t.add(t.geometry.mapWord(t.extentPage(t.large()) + 1), 1)),
    LOG_TAIL(
        "a page does not point to the start of its extent",
        t -> t.add(t.mapWord(t.longSegment() + t.geometry.pageBytes()), 1)),
    PAGE_LOST(
        "a page is neither free nor used",
        t -> t.put(t.freePage(), PageMapWord.owned(PageMapWord.KIND_LOG, 1, 0))),
    PAGE_OF_THE_DEAD(
        "a page is neither free nor used",
        t -> t.put(t.freePage(), PageMapWord.reserved(1, Inside.DEAD_SLOT, 1))),
    PAGE_TWICE("a page has two users", BookCheckerTest::shareAnExtent),
    EXTENT_BEYOND(
        "a slot points to no record",
        t -> t.put(t.extentWord(t.large()), RecordLayout.extent(1L << 40, 100)));

    private final String report;

    @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
    private final Consumer<BookCheckerTest> damage;

    Damage(String report, Consumer<BookCheckerTest> damage) {
      this.report = report;
      this.damage = damage;
    }
  }

  @Test
  void soundBookIsSound() {
    BookChecker.Report report = BookChecker.check(books.file("a.book"));
    assertThat(report.violations()).isEmpty();
    assertThat(report.isSound()).isTrue();
    assertThat(report.records()).isEqualTo(SMALL + LARGE);
    assertThat(report.pages()).isEqualTo(book.fileBytes() / 1024);
    assertThat(report.freePages()).isPositive();
    assertThat(report.reservedPages()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void damageIsReported(Damage damage) {
    damage.damage.accept(this);
    BookChecker.Report report = BookChecker.check(books.file("a.book"));
    books.doNotCheck(books.file("a.book"));
    assertThat(report.isSound()).isFalse();
    assertThat(report.violations()).anyMatch(violation -> violation.contains(damage.report));
  }

  @Test
  void everythingThatIsBrokenIsReportedAtOnce() {
    for (Damage damage :
        new Damage[] {Damage.RECORDS, Damage.PAGE_LIVE_BYTES, Damage.PAGE_LOST, Damage.VALUE}) {
      damage.damage.accept(this);
    }
    BookChecker.Report report = BookChecker.check(books.file("a.book"));
    books.doNotCheck(books.file("a.book"));
    assertThat(report.violations()).hasSize(4);
  }

  private void put(long at, long value) {
    memory.putLongVolatile(at, value);
  }

  private void add(long at, long change) {
    put(at, memory.getLongPlain(at) + change);
  }

  private long shard() {
    return geometry.shard(0);
  }

  private void addToShard(int offset, long change) {
    add(shard() + offset, change);
  }

  private long oldestSegment() {
    return memory.getLongPlain(shard() + ShardLayout.OLDEST_SEGMENT_OFFSET);
  }

  private long secondSegment() {
    return memory.getLongPlain(oldestSegment() + SegmentLayout.NEXT_OFFSET);
  }

  /** A segment of more than one page. */
  private long longSegment() {
    long segment = oldestSegment();
    while (PageMapWord.pages(memory.getLongPlain(mapWord(segment))) == 1) {
      segment = memory.getLongPlain(segment + SegmentLayout.NEXT_OFFSET);
    }
    return segment;
  }

  private long firstRecord() {
    return oldestSegment() + SegmentLayout.HEADER_BYTES;
  }

  /** A bucket that is not in the header of the shard. */
  private long bucket() {
    return index.bucketAt(BucketLayout.CHUNK_BUCKETS);
  }

  private long mapWord(long position) {
    return geometry.mapWord(geometry.pageOf(position));
  }

  /** The page map's word of a page that belongs to nobody. */
  private long freePage() {
    long pages = geometry.pageOf(book.fileBytes());
    for (long page = 0; page < pages; page++) {
      if (page >= geometry.firstDataPage(geometry.groupOf(page))
          && memory.getLongPlain(geometry.mapWord(page)) == PageMapWord.FREE) {
        return geometry.mapWord(page);
      }
    }
    throw new AssertionError("no free page");
  }

  private int flags(long record) {
    return RecordLayout.flags(memory.getLongPlain(record));
  }

  private int valueBytes(long record) {
    return RecordLayout.shortValueBytes(memory.getLongPlain(record + RecordLayout.SIZES_OFFSET));
  }

  private boolean isLarge(long record) {
    return (flags(record) & RecordLayout.LARGE) != 0;
  }

  private long large() {
    return record(this::isLarge);
  }

  /** Where a large record tells of its first extent; its key is an ID. */
  private long extentWord(long record) {
    return record + RecordLayout.extentsOffset(flags(record), Integer.BYTES);
  }

  private long extentPage(long record) {
    return RecordLayout.extentFirstPage(memory.getLongPlain(extentWord(record)));
  }

  private int extentPages(long record) {
    return RecordLayout.extentPages(memory.getLongPlain(extentWord(record)));
  }

  private void shareAnExtent() {
    long one = large();
    long other = record(at -> isLarge(at) && at != one);
    long shorter = extentPages(one) < extentPages(other) ? one : other; // it still holds its value
    long first = extentPage(shorter == one ? other : one);
    put(extentWord(shorter), RecordLayout.extent(first, extentPages(shorter)));
  }

  /** The position of the first slot of the first shard whose record is as wanted. */
  private long slot(LongPredicate wanted) {
    return slotWith(word -> wanted.test(BucketLayout.position(word)));
  }

  private long slotWith(LongPredicate wantedWord) {
    return slotWith(index, wantedWord);
  }

  private long slotWith(ShardIndex index, LongPredicate wantedWord) {
    long buckets = ShardIndex.buckets(index.levelSplitAcquire());
    for (long number = 0; number < buckets; number++) {
      for (long bucket = index.bucketAt(number); bucket != 0; bucket = index.nextAcquire(bucket)) {
        for (int i = 0; i < BucketLayout.SLOTS; i++) {
          long at = ShardIndex.slotPosition(bucket, i);
          long slot = memory.getLongPlain(at);
          if (slot != BucketLayout.EMPTY && wantedWord.test(slot)) {
            return at;
          }
        }
      }
    }
    throw new AssertionError("no such record");
  }

  private long slot() {
    return slot(at -> true);
  }

  /** One whose loss changes the check of its bucket, as that of 1,023 in 1,024 does. */
  private long countedSlot() {
    return slotWith(word -> BucketLayout.withSlot(0, word, BucketLayout.EMPTY) != 0);
  }

  private long record(LongPredicate wanted) {
    return BucketLayout.position(memory.getLongPlain(slot(wanted)));
  }

  /** An empty slot, in another bucket than {@link #slot()}. */
  private long emptySlot() {
    for (long bucket = 1; ; bucket++) {
      if (index.bucketAt(bucket) == (slot() & -BucketLayout.BUCKET_BYTES)) {
        continue; // that may be the second one: where no key fell into the first
      }
      for (int i = 0; i < BucketLayout.SLOTS; i++) {
        long at = ShardIndex.slotPosition(index.bucketAt(bucket), i);
        if (memory.getLongPlain(at) == BucketLayout.EMPTY) {
          return at;
        }
      }
    }
  }

  private void doubleSlot() {
    put(emptySlot(), memory.getLongPlain(slot()));
  }

  private void moveSlot() {
    long from = slot();
    put(emptySlot(), memory.getLongPlain(from));
    put(from, BucketLayout.EMPTY);
  }

  private void pointIntoTheOtherShard() {
    put(
        slot(),
        memory.getLongPlain(slotWith(new ShardIndex(Inside.context(book), 1), word -> true)));
  }
}
