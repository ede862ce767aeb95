package io.pagebook.book.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where every byte of format version 6 lies, in literals: a change here is a change of the format,
 * and of {@code docs/spec/3-layout.md}.
 */
final class GoldenLayoutTest {
  @Test
  void bookHeader() {
    assertThat(BookLayout.MAGIC).isEqualTo(0x4B4F4F4245474150L);
    assertThat(
            ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(BookLayout.MAGIC).array())
        .isEqualTo("PAGEBOOK".getBytes(StandardCharsets.US_ASCII));
    assertThat(BookLayout.FORMAT_MAJOR).isEqualTo(6);
    assertThat(BookLayout.FORMAT_MINOR).isEqualTo(0);

    assertThat(BookLayout.MAGIC_OFFSET).isEqualTo(0);
    assertThat(BookLayout.FORMAT_MAJOR_OFFSET).isEqualTo(8);
    assertThat(BookLayout.FORMAT_MINOR_OFFSET).isEqualTo(12);
    assertThat(BookLayout.PAGE_SIZE_OFFSET).isEqualTo(16);
    assertThat(BookLayout.SHARDS_OFFSET).isEqualTo(20);
    assertThat(BookLayout.SLOTS_OFFSET).isEqualTo(24);
    assertThat(BookLayout.STRIPES_OFFSET).isEqualTo(28);
    assertThat(BookLayout.BOOK_ID_OFFSET).isEqualTo(32);
    assertThat(BookLayout.FILE_ID_OFFSET).isEqualTo(40);
    assertThat(BookLayout.HASH_SEED_OFFSET).isEqualTo(48);
    assertThat(BookLayout.SIDE_FILE_ID_OFFSET).isEqualTo(56);
    assertThat(BookLayout.PAGE_COUNT_OFFSET).isEqualTo(64);
    assertThat(BookLayout.MAXIMUM_PAGES_OFFSET).isEqualTo(72);
    assertThat(BookLayout.BOOT_ID_HIGH_OFFSET).isEqualTo(80);
    assertThat(BookLayout.BOOT_ID_LOW_OFFSET).isEqualTo(88);
    assertThat(BookLayout.MAXIMUM_ENTRIES_OFFSET).isEqualTo(96);
    assertThat(BookLayout.ON_FULL_OFFSET).isEqualTo(104);
    assertThat(BookLayout.ON_FULL_FAIL).isEqualTo(0);
    assertThat(BookLayout.ON_FULL_EVICT).isEqualTo(1);
    assertThat(BookLayout.CHECK_OFFSET).isEqualTo(112);
    assertThat(BookLayout.STATE_OFFSET).isEqualTo(128);
    assertThat(BookLayout.MOVE_TARGET_OFFSET).isEqualTo(136);
    assertThat(BookLayout.GATE_WRITER_OFFSET).isEqualTo(144);
    assertThat(BookLayout.GATE_WAITING_OFFSET).isEqualTo(152);
    assertThat(BookLayout.GATE_READERS_OFFSET).isEqualTo(160);
    assertThat(BookLayout.GROWTH_LOCK_OFFSET).isEqualTo(192);
    assertThat(BookLayout.VACUUM_LOCK_OFFSET).isEqualTo(256);
    assertThat(BookLayout.FREE_PAGES_OFFSET).isEqualTo(384);
    assertThat(BookLayout.GENERATIONS_OFFSET).isEqualTo(1024);
    assertThat(BookLayout.generation(0)).isEqualTo(1024);
    assertThat(BookLayout.generation(1)).isEqualTo(1088);
    assertThat(BookLayout.generation(127)).isEqualTo(9152);

    assertThat(BookLayout.STATE_NORMAL).isEqualTo(1);
    assertThat(BookLayout.STATE_MOVING).isEqualTo(2);
    assertThat(BookLayout.STATE_MOVED).isEqualTo(3);
    assertThat(BookLayout.STATE_DESTROYED).isEqualTo(4);
    assertThat(BookLayout.STATE_ARRIVING).isEqualTo(5);
    assertThat(BookLayout.LINE_BYTES).isEqualTo(64);
    assertThat(BookLayout.SLOTS).isEqualTo(1024);
    assertThat(BookLayout.STRIPES).isEqualTo(1024);
    assertThat(BookLayout.MAX_SHARDS).isEqualTo(128);
  }

  @Test
  void participantSlot() {
    assertThat(SlotLayout.WORD_OFFSET).isEqualTo(0);
    assertThat(SlotLayout.PID_OFFSET).isEqualTo(8);
    assertThat(SlotLayout.START_TIME_OFFSET).isEqualTo(16);
    assertThat(SlotLayout.NAMESPACE_OFFSET).isEqualTo(24);
    assertThat(SlotLayout.HEARTBEAT_OFFSET).isEqualTo(32);
    assertThat(SlotLayout.READ_HOLD_OFFSET).isEqualTo(40);
    assertThat(SlotLayout.COUNTERS_OFFSET).isEqualTo(64);
    assertThat(SlotLayout.COUNTERS).isEqualTo(8);
    assertThat(SlotLayout.counterOffset(0)).isEqualTo(64);
    assertThat(SlotLayout.counterOffset(7)).isEqualTo(120);
    assertThat(SlotLayout.SLOT_BYTES).isEqualTo(128);
    assertThat(SlotLayout.STATE_EMPTY).isEqualTo(0);
    assertThat(SlotLayout.STATE_USED).isEqualTo(1);
    assertThat(SlotLayout.STATE_RECLAIMING).isEqualTo(2);

    assertThat(SlotLayout.word(0, 0)).isEqualTo(0);
    assertThat(SlotLayout.word(1, 0x89ABCDEFL)).isEqualTo(0x0000_0001_89AB_CDEFL);
    assertThat(SlotLayout.word(2, 0xFFFF_FFFFL)).isEqualTo(0x0000_0002_FFFF_FFFFL);
    assertThat(SlotLayout.state(0xFFFF_FF02_0000_0000L)).isEqualTo(2);
    assertThat(SlotLayout.state(0x0000_0000_FFFF_FFFFL)).isEqualTo(0);
    assertThat(SlotLayout.incarnation(0xFFFF_FFFF_89AB_CDEFL)).isEqualTo(0x89AB_CDEFL);
  }

  @Test
  void ownerWord() {
    assertThat(OwnerWord.FREE).isEqualTo(0);
    assertThat(OwnerWord.WAITER_BIT).isEqualTo(0x8000_0000_0000_0000L);
    assertThat(OwnerWord.of(0, 1)).isEqualTo(0x4000_0000_0000_0001L);
    assertThat(OwnerWord.of(1023, 0xFEDC_BA98L)).isEqualTo(0x4000_03FF_FEDC_BA98L);
    assertThat(OwnerWord.of(0xFFFF, 0xFFFF_FFFFL)).isEqualTo(0x4000_FFFF_FFFF_FFFFL);
    assertThat(OwnerWord.slot(0xFFFF_1234_0000_0000L)).isEqualTo(0x1234);
    assertThat(OwnerWord.slot(0xC000_0000_FFFF_FFFFL)).isEqualTo(0);
    assertThat(OwnerWord.incarnation(0xFFFF_FFFF_1234_5678L)).isEqualTo(0x1234_5678L);
    assertThat(OwnerWord.withoutWaiter(0xC000_03FF_0000_0007L)).isEqualTo(0x4000_03FF_0000_0007L);
  }

  @Test
  void shardHeader() {
    assertThat(ShardLayout.LOCK_OFFSET).isEqualTo(0);
    assertThat(ShardLayout.LEVEL_SPLIT_OFFSET).isEqualTo(64);
    assertThat(ShardLayout.RELOCATIONS_OFFSET).isEqualTo(72);
    assertThat(ShardLayout.RECORDS_OFFSET).isEqualTo(128);
    assertThat(ShardLayout.LIVE_BYTES_OFFSET).isEqualTo(136);
    assertThat(ShardLayout.STAMP_OFFSET).isEqualTo(144);
    assertThat(ShardLayout.LOG_BYTES_OFFSET).isEqualTo(152);
    assertThat(ShardLayout.LARGE_BYTES_OFFSET).isEqualTo(160);
    assertThat(ShardLayout.WINDOW_BYTES_OFFSET).isEqualTo(168);
    assertThat(ShardLayout.SKETCH_OFFSET).isEqualTo(176);
    assertThat(ShardLayout.SKETCH_ADDITIONS_OFFSET).isEqualTo(184);
    assertThat(ShardLayout.WINDOW_OFFSET).isEqualTo(224);
    assertThat(ShardLayout.OLDEST_SEGMENT_OFFSET).isEqualTo(192);
    assertThat(ShardLayout.NEWEST_SEGMENT_OFFSET).isEqualTo(200);
    assertThat(ShardLayout.LOG_NEXT_OFFSET).isEqualTo(208);
    assertThat(ShardLayout.LOG_END_OFFSET).isEqualTo(216);
    assertThat(ShardLayout.INDEX_NEXT_OFFSET).isEqualTo(256);
    assertThat(ShardLayout.INDEX_END_OFFSET).isEqualTo(264);
    assertThat(ShardLayout.OVERFLOW_NEXT_OFFSET).isEqualTo(272);
    assertThat(ShardLayout.OVERFLOW_END_OFFSET).isEqualTo(280);
    assertThat(ShardLayout.OVERFLOW_FREE_OFFSET).isEqualTo(288);
    assertThat(ShardLayout.OVERFLOW_COUNT_OFFSET).isEqualTo(296);
    assertThat(ShardLayout.EXPIRING_OFFSET).isEqualTo(16);
    assertThat(ShardLayout.SEGMENTS_STAMP_OFFSET).isEqualTo(24);
    assertThat(ShardLayout.INTENT_OFFSET).isEqualTo(8);
    assertThat(ShardLayout.DIRECTORY_OFFSET).isEqualTo(512);
    assertThat(ShardLayout.DIRECTORY_CHUNKS).isEqualTo(128);
    assertThat(ShardLayout.JOURNAL_OFFSET).isEqualTo(1536);
    assertThat(ShardLayout.JOURNAL_ENTRIES).isEqualTo(288);
    assertThat(ShardLayout.FIRST_CHUNK_OFFSET).isEqualTo(6144);
    assertThat(ShardLayout.SHARD_BYTES).isEqualTo(10240);

    // bits 40..63 of 0x6_0000_0001 * 0x9E3779B97F4A7C15, and of 0x1E_1234_5679 * it
    assertThat(ShardLayout.levelSplit(6, 0)).isEqualTo(0x0699_F662_0000_0000L);
    assertThat(ShardLayout.levelSplit(30, 0x1234_5678)).isEqualTo(0x1E1A_787B_1234_5678L);
    assertThat(ShardLayout.level(0xFF12_3456_0000_0001L)).isEqualTo(255);
    assertThat(ShardLayout.split(0xFF12_3456_0000_0001L)).isEqualTo(1);
    assertThat(ShardLayout.isSound(0x0699_F662_0000_0000L)).isTrue();
    assertThat(ShardLayout.isSound(0x0699_F662_0000_0001L)).isFalse();
    assertThat(ShardLayout.isSound(0x0600_0000_0000_0000L)).isFalse();
  }

  @Test
  void journalEntry() {
    assertThat(JournalEntry.ENTRY_BYTES).isEqualTo(16);
    assertThat(JournalEntry.VALUE_OFFSET).isEqualTo(8);
    assertThat(JournalEntry.SET).isEqualTo(0);
    assertThat(JournalEntry.ADOPT).isEqualTo(1);
    assertThat(JournalEntry.RELEASE).isEqualTo(2);
    assertThat(JournalEntry.FREE_SEGMENT).isEqualTo(3);
    assertThat(JournalEntry.target(3, 0x1234_5678L)).isEqualTo(0x1234_567BL);
    assertThat(JournalEntry.operation(0xFFFF_FFFF_FFFF_FFFDL)).isEqualTo(5);
    assertThat(JournalEntry.position(0x1234_567FL)).isEqualTo(0x1234_5678L);
  }

  @Test
  void segmentHeader() {
    assertThat(SegmentLayout.MARK_OFFSET).isEqualTo(0);
    assertThat(SegmentLayout.NEXT_OFFSET).isEqualTo(8);
    assertThat(SegmentLayout.PREVIOUS_OFFSET).isEqualTo(16);
    assertThat(SegmentLayout.END_OFFSET).isEqualTo(24);
    assertThat(SegmentLayout.NUMBER_OFFSET).isEqualTo(32);
    assertThat(SegmentLayout.LOG_OFFSET).isEqualTo(40);
    assertThat(SegmentLayout.MAIN).isEqualTo(0);
    assertThat(SegmentLayout.WINDOW).isEqualTo(1);
    assertThat(SegmentLayout.HEADER_BYTES).isEqualTo(64);
    assertThat(SegmentLayout.mark(0)).isEqualTo(0x5347_4D54_0000_0000L);
    assertThat(SegmentLayout.mark(127)).isEqualTo(0x5347_4D54_0000_007FL);
  }

  @Test
  void sketch() {
    assertThat(SketchLayout.BLOCK_BYTES).isEqualTo(64);
    assertThat(SketchLayout.COUNTERS).isEqualTo(4);
    assertThat(SketchLayout.COUNTER_BITS).isEqualTo(4);
    assertThat(SketchLayout.COUNTERS_PER_WORD).isEqualTo(16);
    assertThat(SketchLayout.MOST_COUNT).isEqualTo(15);
    assertThat(SketchLayout.SAMPLE_FACTOR).isEqualTo(10);
    assertThat(SketchLayout.LEAST_SAMPLE).isEqualTo(160);
    assertThat(SketchLayout.sample(0)).isEqualTo(160);
    assertThat(SketchLayout.sample(16)).isEqualTo(160);
    assertThat(SketchLayout.sample(17)).isEqualTo(170);

    assertThat(SketchLayout.count(0xFEDC_BA98_7654_3210L, 0)).isEqualTo(0);
    assertThat(SketchLayout.count(0xFEDC_BA98_7654_3210L, 36)).isEqualTo(9);
    assertThat(SketchLayout.count(0xFEDC_BA98_7654_3210L, 60)).isEqualTo(15);
    assertThat(SketchLayout.withOneMore(0xFEDC_BA98_7654_3210L, 56))
        .isEqualTo(0xFFDC_BA98_7654_3210L);
    assertThat(SketchLayout.halved(0xFEDC_BA98_7654_3210L)).isEqualTo(0x7766_5544_3322_1100L);
  }

  @ParameterizedTest
  @CsvSource({
    // hash, mixed; block of a table of 64, and of 1,024; word and shift of each of its counters
    "0000000000000000, 0000000000000000, 0, 0, 0, 0, 2, 0, 4, 0, 6, 0",
    "0000000000000001, ca009717f87d8879, 57, 121, 1, 44, 3, 44, 4, 0, 6, 20",
    "0123456789abcdef, 992409c136a7a5ee, 46, 494, 1, 0, 3, 16, 4, 8, 7, 48",
    "fedcba9876543210, 3373e00757571628, 40, 552, 1, 12, 2, 0, 5, 36, 7, 36",
    "ffffffffffffffff, a68094cce9e291eb, 43, 491, 0, 24, 2, 40, 4, 0, 6, 12",
  })
  void sketchCountersOfAHash(ArgumentsAccessor row) {
    long mixed = SketchLayout.mix(Long.parseUnsignedLong(row.getString(0), 16));
    assertThat(mixed).isEqualTo(Long.parseUnsignedLong(row.getString(1), 16));
    assertThat(SketchLayout.blockOffset(mixed, 64)).isEqualTo(0);
    assertThat(SketchLayout.blockOffset(mixed, 4096)).isEqualTo(64L * row.getInteger(2));
    assertThat(SketchLayout.blockOffset(mixed, 65536)).isEqualTo(64L * row.getInteger(3));
    for (int i = 0; i < 4; i++) {
      assertThat(SketchLayout.wordOffset(mixed, i)).isEqualTo(8 * row.getInteger(4 + 2 * i));
      assertThat(SketchLayout.shift(mixed, i)).isEqualTo(row.getInteger(5 + 2 * i));
    }
  }

  @Test
  void record() {
    assertThat(RecordLayout.HEAD_OFFSET).isEqualTo(0);
    assertThat(RecordLayout.SIZES_OFFSET).isEqualTo(8);
    assertThat(RecordLayout.FIXED_BYTES).isEqualTo(16);
    assertThat(RecordLayout.EXPIRES).isEqualTo(1);
    assertThat(RecordLayout.LONG_SIZES).isEqualTo(2);
    assertThat(RecordLayout.LARGE).isEqualTo(4);
    assertThat(RecordLayout.ID_KEY).isEqualTo(8);
    assertThat(RecordLayout.DEAD).isEqualTo(16);
    assertThat(RecordLayout.SHORT_KEY_BYTES).isEqualTo(255);
    assertThat(RecordLayout.SHORT_VALUE_BYTES).isEqualTo(16_777_215);
    assertThat(RecordLayout.MAX_STAMP).isEqualTo(281_474_976_710_655L);
  }

  @Test
  void recordWords() {
    assertThat(RecordLayout.head(0x1234_5678_9ABCL, 0xEF, 0x1B)).isEqualTo(0x1234_5678_9ABC_EF1BL);
    assertThat(RecordLayout.head(0xFFFF_FFFF_FFFFL, 0xFF, 0xFF)).isEqualTo(-1L);
    assertThat(RecordLayout.flags(0xFFFF_FFFF_FFFF_FF0AL)).isEqualTo(10);
    assertThat(RecordLayout.type(0xFFFF_FFFF_FFFF_80FFL)).isEqualTo(0x80);
    assertThat(RecordLayout.stamp(0xFFFF_FFFF_FFFE_FFFFL)).isEqualTo(0xFFFF_FFFF_FFFEL);

    assertThat(RecordLayout.sizes(0x89AB_CDEF, 0, 0xFE, 0x12_3456))
        .isEqualTo(0x1234_56FE_89AB_CDEFL);
    assertThat(RecordLayout.sizes(-1, 2, 0xFE, 0x12_3456)).isEqualTo(0x0000_0000_FFFF_FFFFL);
    assertThat(RecordLayout.crc(0x1234_56FE_89AB_CDEFL)).isEqualTo(0x89AB_CDEF);
    assertThat(RecordLayout.shortKeyBytes(0x1234_56FE_89AB_CDEFL)).isEqualTo(0xFE);
    assertThat(RecordLayout.shortValueBytes(0xF234_56FE_89AB_CDEFL)).isEqualTo(0xF2_3456);

    assertThat(RecordLayout.longSizes(0x7FFF_FFFE, 0x7FFF_FFFD)).isEqualTo(0x7FFF_FFFD_7FFF_FFFEL);
    assertThat(RecordLayout.longKeyBytes(0x0000_0001_8000_0002L)).isEqualTo(0x8000_0002);
    assertThat(RecordLayout.longValueBytes(0x8000_0001_0000_0002L)).isEqualTo(0x8000_0001);

    assertThat(RecordLayout.extent(0xABC_DEF0_1234L, 0xFFFF)).isEqualTo(0x0FFF_FABC_DEF0_1234L);
    assertThat(RecordLayout.extentPages(0xFFFF_FABC_DEF0_1234L)).isEqualTo(0xFFFF);
    assertThat(RecordLayout.extentFirstPage(0x0012_3ABC_DEF0_1234L)).isEqualTo(0xABC_DEF0_1234L);

    assertThat(RecordLayout.MAX_EXPIRY).isEqualTo(281_474_976_710_655L);
    assertThat(RecordLayout.expiryWord(0)).isEqualTo(0xFFFF_0000_0000_0000L);
    assertThat(RecordLayout.expiryWord(0x0000_1000_0200_0030L)).isEqualTo(0xEDCF_1000_0200_0030L);
    assertThat(RecordLayout.expiryWord(0x0000_FFFF_FFFF_FFFFL)).isEqualTo(0x0000_FFFF_FFFF_FFFFL);
    assertThat(RecordLayout.expiryMillis(0xEDCF_1000_0200_0030L)).isEqualTo(0x1000_0200_0030L);

    assertThat(RecordLayout.headMix(1)).isEqualTo(0x9E37_79B9);
    assertThat(RecordLayout.headMix(0x1234_5678_9ABC_EF1BL)).isEqualTo(0xD427_8596);
    assertThat(RecordLayout.restamped(0x1234_56FE_0000_0000L, 0, 1))
        .isEqualTo(0x1234_56FE_9E37_79B9L);
  }

  @ParameterizedTest
  @CsvSource({
    // flags: 1 expires, 2 long sizes, 4 large; key and value bytes, extents;
    // expiry, extent count, key, whole record
    "0, 4, 100, 0, 16, 16, 16, 120",
    "8, 4, 4, 0, 16, 16, 16, 24",
    "8, 4, 5, 0, 16, 16, 16, 32",
    "0, 0, 0, 0, 16, 16, 16, 16",
    "1, 4, 100, 0, 16, 24, 24, 128",
    "2, 256, 0, 0, 24, 24, 24, 280",
    "3, 257, 7, 0, 24, 32, 32, 296",
    "6, 4, 40000, 1, 24, 24, 32, 48",
    "7, 9, 40000, 3, 24, 32, 40, 80",
  })
  void recordSizes(
      int flags, int key, int value, int extents, int expiry, int count, int keyAt, int bytes) {
    assertThat(RecordLayout.expiryOffset(flags)).isEqualTo(expiry);
    assertThat(RecordLayout.extentCountOffset(flags)).isEqualTo(count);
    assertThat(RecordLayout.keyOffset(flags)).isEqualTo(keyAt);
    assertThat(RecordLayout.recordBytes(flags, key, value, extents)).isEqualTo(bytes);
  }

  @Test
  void extentListBehindThePaddedKey() {
    assertThat(RecordLayout.extentsOffset(6, 4)).isEqualTo(40);
    assertThat(RecordLayout.extentsOffset(6, 8)).isEqualTo(40);
    assertThat(RecordLayout.extentsOffset(7, 9)).isEqualTo(56);
  }

  @Test
  void bucket() {
    assertThat(BucketLayout.BUCKET_BYTES).isEqualTo(64);
    assertThat(BucketLayout.SLOTS).isEqualTo(7);
    assertThat(BucketLayout.META_OFFSET).isEqualTo(0);
    assertThat(BucketLayout.FIRST_SLOT_OFFSET).isEqualTo(8);
    assertThat(BucketLayout.EMPTY).isEqualTo(0);
    assertThat(BucketLayout.CHUNK_BYTES).isEqualTo(4096);
    assertThat(BucketLayout.CHUNK_BUCKETS).isEqualTo(64);
    assertThat(BucketLayout.DIRECTORY_CHUNK_ENTRIES).isEqualTo(512);
    assertThat(BucketLayout.FIRST_LEVEL).isEqualTo(6);

    assertThat(BucketLayout.slot(0xABCDEF, 0x789_ABCD_EF10L)).isEqualTo(0xABCD_EFF1_3579_BDE2L);
    assertThat(BucketLayout.tag(0xABCD_EF00_0000_0001L)).isEqualTo(0xABCDEF);
    assertThat(BucketLayout.position(0xABCD_EFFF_FFFF_FFFFL)).isEqualTo(0x7FF_FFFF_FFF8L);
    assertThat(BucketLayout.next(0x3FFF_0000_0000_0003L)).isEqualTo(0x18);
    // 0x12_3456_789A ^ 3 is 0x12_3456_7899: its tens of bits are 099, 19e, 345, 048; folded 20a
    assertThat(BucketLayout.withNext(0x0000_FF12_3456_789AL, 0x18))
        .isEqualTo(0x0000_FF00_0000_0003L ^ (0x20AL << 54));
    assertThat(BucketLayout.link(0x18)).isEqualTo(3);
    // of bucket 4, the next at 0x18, slots whose tens of bits are 1, 2, 3, 4, 5, 6, and 7 at the
    // top
    long slots = 0x7000_0000_0000_0000L | 6L << 50 | 5L << 40 | 4L << 30 | 3L << 20 | 2L << 10 | 1;
    long meta = BucketLayout.meta(4, 0x18, slots);
    assertThat(meta).isEqualTo((6L << 54) | 3); // 5, 3, and 1 to 7, each with each
    assertThat(BucketLayout.isSound(4, meta, slots)).isTrue();
    assertThat(BucketLayout.isSound(4, BucketLayout.withAccesses(meta, 6, 3), slots)).isTrue();
    assertThat(BucketLayout.isSound(5, meta, slots)).isFalse();
    assertThat(BucketLayout.isSound(4, meta, slots ^ 1L << 63)).isFalse();
    assertThat(BucketLayout.withSlot(meta, 0, 9)).isEqualTo(meta ^ 9L << 54);
    assertThat(BucketLayout.meta(0, 0, 0)).isEqualTo(1L << 54);
    assertThat(BucketLayout.metaOfSlot(0x1078)).isEqualTo(0x1040);
    // bits 6..29 of the hash
    assertThat(BucketLayout.tagOfHash(0xFFFF_FFFF_C000_003FL)).isEqualTo(0);
    assertThat(BucketLayout.tagOfHash(0x0000_0000_3FFF_FFC0L)).isEqualTo(0xFFFFFF);
    assertThat(BucketLayout.tagOfHash(0x40)).isEqualTo(1);
  }

  @Test
  void bucketOfAHash() {
    // 64 buckets, then the first of them split, then the first and the second, then all of them
    assertThat(BucketLayout.bucket(0x0FC0, 6, 0)).isEqualTo(0);
    assertThat(BucketLayout.bucket(0x0FC0, 6, 1)).isEqualTo(64);
    assertThat(BucketLayout.bucket(0x0FC1, 6, 1)).isEqualTo(1);
    assertThat(BucketLayout.bucket(0x0FC1, 6, 2)).isEqualTo(65);
    assertThat(BucketLayout.bucket(0x0FBF, 7, 0)).isEqualTo(63);
    assertThat(BucketLayout.bucket(0x0FFF, 7, 0)).isEqualTo(127);
    assertThat(BucketLayout.bucket(-1, 29, 0)).isEqualTo(0x1FFF_FFFFL);
    assertThat(BucketLayout.splitBit(0x0000_0100_0000_0000L, 6)).isTrue();
    assertThat(BucketLayout.splitBit(0x0000_0200_0000_0000L, 6)).isFalse();
    assertThat(BucketLayout.splitBit(0x0000_0200_0000_0000L, 7)).isTrue();
    assertThat(BucketLayout.splitBit(0x8000_0000_0000_0000L, 29)).isTrue();
  }

  @Test
  void pageMapWord() {
    assertThat(PageMapWord.WORD_BYTES).isEqualTo(8);
    assertThat(PageMapWord.MAX_PAGES).isEqualTo(65535);
    assertThat(PageMapWord.FREE).isEqualTo(0);
    assertThat(PageMapWord.KIND_FREE).isEqualTo(0);
    assertThat(PageMapWord.KIND_RESERVED).isEqualTo(1);
    assertThat(PageMapWord.KIND_LOG).isEqualTo(2);
    assertThat(PageMapWord.KIND_LARGE).isEqualTo(3);
    assertThat(PageMapWord.KIND_INDEX).isEqualTo(4);
    assertThat(PageMapWord.KIND_TAIL).isEqualTo(5);
    assertThat(PageMapWord.KIND_SKETCH).isEqualTo(6);
    assertThat(PageMapWord.KIND_LOG_TAIL).isEqualTo(7);

    assertThat(PageMapWord.reserved(0xFFFF, 1023, 0x89AB_CDEFL)).isEqualTo(0x1FFF_F3FF_89AB_CDEFL);
    assertThat(PageMapWord.owned(2, 1, 127)).isEqualTo(0x2000_1000_0000_007FL);
    assertThat(PageMapWord.owned(3, 0x1234, 0)).isEqualTo(0x3123_4000_0000_0000L);
    assertThat(PageMapWord.tail(0x1234)).isEqualTo(0x5123_4000_0000_0000L);
    assertThat(PageMapWord.kind(0xF000_0000_0000_0000L)).isEqualTo(15);
    assertThat(PageMapWord.pages(0x1FFF_F3FF_89AB_CDEFL)).isEqualTo(0xFFFF);
    assertThat(PageMapWord.slot(0x1FFF_F3FF_89AB_CDEFL)).isEqualTo(1023);
    assertThat(PageMapWord.incarnation(0x1FFF_F3FF_89AB_CDEFL)).isEqualTo(0x89AB_CDEFL);
    assertThat(PageMapWord.shard(0x2FFF_FFFF_FFFF_1234L)).isEqualTo(0x1234);
    assertThat(PageMapWord.logTail(0x1234, 127)).isEqualTo(0x7123_4000_0000_007FL);
    assertThat(PageMapWord.isTail(0x5123_4000_0000_0000L, 0x1234)).isTrue();
    assertThat(PageMapWord.isTail(0x7123_4FFF_FFFF_007FL, 0x1234)).isTrue();
    assertThat(PageMapWord.isTail(0x7123_4FFF_FFFF_007FL, 0x1235)).isFalse();
    assertThat(PageMapWord.isTail(0x2123_4000_0000_0000L, 0x1234)).isFalse();
    assertThat(PageMapWord.isOfLog(0x2123_4FFF_FFFF_007FL, 127)).isTrue();
    assertThat(PageMapWord.isOfLog(0x7123_4FFF_FFFF_007FL, 127)).isTrue();
    assertThat(PageMapWord.isOfLog(0x7123_4FFF_FFFF_007FL, 126)).isFalse();
    assertThat(PageMapWord.isOfLog(0x5123_4000_0000_007FL, 127)).isFalse();
    assertThat(PageMapWord.firstPage(0x1_0000, 0x5123_4FFF_FFFF_FFFFL)).isEqualTo(0xEDCC);
    assertThat(PageMapWord.liveBytes(0x2FFF_F000_0009_FFFFL)).isEqualTo(72);
    assertThat(PageMapWord.liveBytes(0x5000_0FFF_FFFF_0000L)).isEqualTo(0x7FFF_FFF8L);
    assertThat(PageMapWord.addLiveBytes(0x2004_0000_0009_007FL, 16))
        .isEqualTo(0x2004_0000_000B_007FL);
    assertThat(PageMapWord.addLiveBytes(0x5003_F000_0009_0000L, -72))
        .isEqualTo(0x5003_F000_0000_0000L);
    assertThat(PageMapWord.addLiveBytes(0x2004_0000_0000_007FL, -8))
        .isEqualTo(0x2004_0FFF_FFFF_007FL);
    assertThat(PageMapWord.withoutLiveBytes(0x5FFF_FFFF_FFFF_FFFFL))
        .isEqualTo(0x5FFF_F000_0000_FFFFL);
  }

  @Test
  void sideFile() {
    assertThat(SideFileLayout.MARK).isEqualTo(0x534B434F4C425047L);
    assertThat(
            ByteBuffer.allocate(8).order(ByteOrder.BIG_ENDIAN).putLong(SideFileLayout.MARK).array())
        .isEqualTo("SKCOLBPG".getBytes(StandardCharsets.US_ASCII));
    assertThat(SideFileLayout.MARK_OFFSET).isEqualTo(0);
    assertThat(SideFileLayout.ID_OFFSET).isEqualTo(8);
    assertThat(SideFileLayout.FILE_BYTES).isEqualTo(16);
    assertThat(SideFileLayout.ID_BITS).isEqualTo(50);

    assertThat(SideFileLayout.lockPosition(0, 0)).isEqualTo(0);
    assertThat(SideFileLayout.lockPosition(1, 0)).isEqualTo(4096);
    assertThat(SideFileLayout.lockPosition(1, 1023)).isEqualTo(5119);
    assertThat(SideFileLayout.maintenancePosition(1)).isEqualTo(5120);
    assertThat(SideFileLayout.lockPosition(0x3_FFFF_FFFF_FFFFL, 1023))
        .isEqualTo(0x3FFF_FFFF_FFFF_F3FFL);
    assertThat(SideFileLayout.maintenancePosition(0x3_FFFF_FFFF_FFFFL))
        .isEqualTo(0x3FFF_FFFF_FFFF_F400L);
  }

  @ParameterizedTest
  @CsvSource({
    // shards; slot 0, stripe 0, shard 0, last shard, end of the header
    "1, 1088, 132160, 140352, 140352, 150592",
    "16, 2048, 133120, 141312, 294912, 305152",
    "128, 9216, 140288, 148480, 1448960, 1459200",
  })
  void headerRegions(int shards, long slot, long stripe, long first, long last, long end) {
    for (int pageBytes : new int[] {1024, 4096, 65536, 1048576}) {
      Geometry geometry = new Geometry(pageBytes, shards);
      assertThat(geometry.slot(0)).isEqualTo(slot);
      assertThat(geometry.slot(1)).isEqualTo(slot + 128);
      assertThat(geometry.slot(1023)).isEqualTo(stripe - 128);
      assertThat(geometry.stripe(0)).isEqualTo(stripe);
      assertThat(geometry.stripe(1)).isEqualTo(stripe + 8);
      assertThat(geometry.stripe(1023)).isEqualTo(first - 8);
      assertThat(geometry.shard(0)).isEqualTo(first);
      assertThat(geometry.shard(shards - 1)).isEqualTo(last);
      assertThat(geometry.shard(shards)).isEqualTo(end);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // page size, shards; bytes and pages of a group, longest extent; header pages, first data page
    // of groups 0 and 1, map word of pages 0 and 1 and of the first page of group 1
    "1024, 1, 2097152, 2048, 2032, 148, 164, 2064, 151552, 151560, 2097152",
    "1024, 16, 2097152, 2048, 2032, 298, 314, 2064, 305152, 305160, 2097152",
    "1024, 128, 2097152, 2048, 2032, 1425, 1441, 2064, 1459200, 1459208, 2097152",
    "4096, 1, 2097152, 512, 511, 37, 38, 513, 151552, 151560, 2097152",
    "4096, 16, 2097152, 512, 511, 75, 76, 513, 307200, 307208, 2097152",
    "4096, 128, 2097152, 512, 511, 357, 358, 513, 1462272, 1462280, 2097152",
    "65536, 1, 33554432, 512, 511, 3, 4, 513, 196608, 196616, 33554432",
    "65536, 16, 33554432, 512, 511, 5, 6, 513, 327680, 327688, 33554432",
    "65536, 128, 33554432, 512, 511, 23, 24, 513, 1507328, 1507336, 33554432",
    "1048576, 1, 67108864, 64, 63, 1, 2, 65, 1048576, 1048584, 67108864",
    "1048576, 16, 67108864, 64, 63, 1, 2, 65, 1048576, 1048584, 67108864",
    "1048576, 128, 67108864, 64, 63, 2, 3, 65, 2097152, 2097160, 67108864",
  })
  void groups(
      int pageBytes,
      int shards,
      int groupBytes,
      int groupPages,
      int longestExtent,
      int headerPages,
      long firstDataPage,
      long firstDataPageOfGroup1,
      long mapWord0,
      long mapWord1,
      long mapOfGroup1) {
    Geometry geometry = new Geometry(pageBytes, shards);
    assertThat(geometry.groupBytes()).isEqualTo(groupBytes);
    assertThat(geometry.groupPages()).isEqualTo(groupPages);
    assertThat(geometry.maxExtentPages()).isEqualTo(longestExtent);
    assertThat(geometry.headerPages()).isEqualTo(headerPages);
    assertThat(geometry.firstDataPage(0)).isEqualTo(firstDataPage);
    assertThat(geometry.smallestPageCount()).isEqualTo(firstDataPage);
    assertThat(geometry.firstDataPage(1)).isEqualTo(firstDataPageOfGroup1);
    assertThat(geometry.mapWord(0)).isEqualTo(mapWord0);
    assertThat(geometry.mapWord(1)).isEqualTo(mapWord1);
    assertThat(geometry.searchHint(0)).isEqualTo(mapWord0);
    assertThat(geometry.mapWord(groupPages - 1L)).isEqualTo(mapWord0 + 8L * (groupPages - 1));
    assertThat(geometry.mapWord(groupPages)).isEqualTo(mapOfGroup1);
    assertThat(geometry.mapWord(groupPages + 1L)).isEqualTo(mapOfGroup1 + 8);
    assertThat(geometry.searchHint(1)).isEqualTo(mapOfGroup1);
    assertThat(geometry.mapWord(2L * groupPages)).isEqualTo(2L * mapOfGroup1);
    assertThat(geometry.dataPages(firstDataPage)).isEqualTo(0);
    assertThat(geometry.dataPages(firstDataPage + 7)).isEqualTo(7);
    assertThat(geometry.dataPages(groupPages)).isEqualTo(groupPages - firstDataPage);
    assertThat(geometry.dataPages(firstDataPageOfGroup1)).isEqualTo(groupPages - firstDataPage);
    assertThat(geometry.dataPages(firstDataPageOfGroup1 + 7))
        .isEqualTo(groupPages - firstDataPage + 7);
    assertThat(geometry.dataPages(3L * groupPages))
        .isEqualTo(groupPages - firstDataPage + 2L * longestExtent);
    assertThat(geometry.groupOf(groupPages - 1L)).isEqualTo(0);
    assertThat(geometry.groupOf(groupPages)).isEqualTo(1);
    assertThat(geometry.position(3)).isEqualTo(3L * pageBytes);
    assertThat(geometry.pageOf(3L * pageBytes)).isEqualTo(3);
    assertThat(geometry.pageOf(3L * pageBytes - 1)).isEqualTo(2);
    assertThat(geometry.pagesFor(pageBytes)).isEqualTo(1);
    assertThat(geometry.pagesFor(pageBytes + 1L)).isEqualTo(2);
  }
}
