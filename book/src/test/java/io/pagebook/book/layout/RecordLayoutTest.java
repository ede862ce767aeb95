package io.pagebook.book.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.Seeds;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Lengths and packed words of records, against a naive list of their parts. */
final class RecordLayoutTest {
  private static final int CASES = 20_000;

  @Test
  void partsFollowEachOtherWithoutGapOrOverlap() {
    SplittableRandom random = Seeds.random("RecordLayoutTest, parts");
    for (int i = 0; i < CASES; i++) {
      boolean large = random.nextInt(4) == 0;
      int flags =
          random.nextInt(2) * RecordLayout.EXPIRES
              | (large || random.nextBoolean() ? RecordLayout.LONG_SIZES : 0)
              | (large ? RecordLayout.LARGE : 0)
              | random.nextInt(2) * RecordLayout.ID_KEY;
      int keyBytes = random.nextInt(1 << random.nextInt(1, 20));
      int valueBytes = random.nextInt(1 << random.nextInt(1, 31));
      int extents = large ? random.nextInt(1000) : 0;

      long at = 16;
      at += (flags & RecordLayout.LONG_SIZES) != 0 ? 8 : 0;
      assertThat(RecordLayout.expiryOffset(flags)).isEqualTo(at);
      at += (flags & RecordLayout.EXPIRES) != 0 ? 8 : 0;
      assertThat(RecordLayout.extentCountOffset(flags)).isEqualTo(at);
      at += large ? 8 : 0;
      assertThat(RecordLayout.keyOffset(flags)).isEqualTo(at);
      at += keyBytes;
      if (large) {
        at = up(at);
        assertThat(RecordLayout.extentsOffset(flags, keyBytes)).isEqualTo(at);
        at += 8L * extents;
      } else {
        at = up(at + valueBytes);
      }
      assertThat(RecordLayout.recordBytes(flags, keyBytes, valueBytes, extents)).isEqualTo(at);
    }
  }

  private static long up(long bytes) {
    return bytes % 8 == 0 ? bytes : bytes + 8 - bytes % 8;
  }

  @Test
  void wordsGiveBackWhatWasPackedIntoThem() {
    SplittableRandom random = Seeds.random("RecordLayoutTest, words");
    for (int i = 0; i < CASES; i++) {
      long stamp = random.nextLong() >>> 16;
      int type = random.nextInt(256);
      int flags = random.nextInt(32);
      long head = RecordLayout.head(stamp, type, flags);
      assertThat(RecordLayout.stamp(head)).isEqualTo(stamp);
      assertThat(RecordLayout.type(head)).isEqualTo(type);
      assertThat(RecordLayout.flags(head)).isEqualTo(flags);

      int crc = random.nextInt();
      int key = random.nextInt(256);
      int value = random.nextInt(1 << 24);
      long sizes = RecordLayout.sizes(crc, 0, key, value);
      assertThat(RecordLayout.crc(sizes)).isEqualTo(crc);
      assertThat(RecordLayout.shortKeyBytes(sizes)).isEqualTo(key);
      assertThat(RecordLayout.shortValueBytes(sizes)).isEqualTo(value);

      long page = random.nextLong() >>> 20;
      int pages = random.nextInt(1, 1 << 16);
      long extent = RecordLayout.extent(page, pages);
      assertThat(RecordLayout.extentFirstPage(extent)).isEqualTo(page);
      assertThat(RecordLayout.extentPages(extent)).isEqualTo(pages);
    }
  }

  /** A record that moves under a new stamp keeps the checksum of its key and value. */
  @Test
  void restampingReplacesTheHeadsPartOfTheChecksum() {
    SplittableRandom random = Seeds.random("RecordLayoutTest, restamped");
    for (int i = 0; i < CASES; i++) {
      int contentCrc = random.nextInt();
      int key = random.nextInt(256);
      int value = random.nextInt(1 << 24);
      long oldHead = random.nextLong();
      long newHead = random.nextLong();
      long sizes = RecordLayout.sizes(contentCrc ^ RecordLayout.headMix(oldHead), 0, key, value);
      assertThat(RecordLayout.restamped(sizes, oldHead, newHead))
          .isEqualTo(RecordLayout.sizes(contentCrc ^ RecordLayout.headMix(newHead), 0, key, value));
    }
  }

  @Test
  void expiryIsToldFromItsWordAndAnyByteOfItCounts() {
    SplittableRandom random = Seeds.random("RecordLayoutTest, expiry");
    for (int i = 0; i < CASES / 64; i++) {
      long millis = random.nextLong() & RecordLayout.MAX_EXPIRY;
      long word = RecordLayout.expiryWord(millis);
      assertThat(RecordLayout.isExpirySound(word)).isTrue();
      assertThat(RecordLayout.expiryMillis(word)).isEqualTo(millis);
      for (int at = 0; at < Long.BYTES; at++) {
        long damage = random.nextLong(1, 256) << (at * Byte.SIZE);
        assertThat(RecordLayout.isExpirySound(word ^ damage)).as("%x ^ %x", word, damage).isFalse();
      }
    }
    assertThat(RecordLayout.isExpirySound(0)).isFalse();
    assertThat(RecordLayout.isExpirySound(-1)).isFalse();
  }

  /** Each single bit of the head word counts in the checksum. */
  @Test
  void noBitOfTheHeadIsLostInTheChecksum() {
    SplittableRandom random = Seeds.random("RecordLayoutTest, head mix");
    for (int i = 0; i < CASES / 64; i++) {
      long head = random.nextLong();
      for (int bit = 0; bit < 64; bit++) {
        assertThat(RecordLayout.headMix(head ^ 1L << bit)).isNotEqualTo(RecordLayout.headMix(head));
      }
    }
  }
}
