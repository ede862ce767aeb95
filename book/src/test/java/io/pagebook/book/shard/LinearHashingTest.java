package io.pagebook.book.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.BookOptions;
import io.pagebook.book.Inside;
import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index of one shard, from its first chunk to many. */
final class LinearHashingTest {
  private static final int KEYS = 100_000;
  private static final int RECORDS_PER_BUCKET = 5;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  @ParameterizedTest
  @ValueSource(ints = {1 << 10, 1 << 16})
  void hundredThousandKeysInOneShard(int pageSize) {
    PageBook book =
        books.open("a.book", BookOptions.DEFAULT.withPageSizeBytes(pageSize).withShards(1));
    PageBook other = books.open("a.book");
    RecordBuffer buffer = new RecordBuffer();
    for (int i = 0; i < KEYS; i++) {
      key(buffer, i);
      buffer.startValue(4);
      assertThat((i % 3 == 0 ? other : book).records().add(buffer)).isTrue();
      if (Integer.bitCount(i) == 1) {
        assertAllThere(i % 3 == 1 ? other : book, 0, i);
      }
    }
    assertThat(book.count()).isEqualTo(KEYS);
    assertThat(buckets(book)).isGreaterThanOrEqualTo(KEYS / RECORDS_PER_BUCKET);
    assertThat(buckets(book)).isLessThan(2 * KEYS / RECORDS_PER_BUCKET);
    assertThat(book.count()).isLessThanOrEqualTo(buckets(book) * RECORDS_PER_BUCKET);
    assertAllThere(book, 0, KEYS - 1);
    for (int i = KEYS; i < 2 * KEYS; i++) {
      key(buffer, i);
      assertThat(book.records().find(buffer)).isFalse();
    }
    for (int i = 0; i < KEYS / 2; i++) {
      key(buffer, i);
      assertThat(other.records().remove(buffer)).isTrue();
      assertThat(book.records().find(buffer)).isFalse();
    }
    assertAllThere(book, KEYS / 2, KEYS - 1);
    assertThat(book.count()).isEqualTo(KEYS / 2);
  }

  /** Every other key is an ID, the rest are of all short lengths. */
  private static void key(RecordBuffer buffer, int i) {
    if (i % 2 == 0) {
      buffer.setId(i);
    } else {
      buffer.setKey(("x".repeat(i % 50) + i).getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static void assertAllThere(PageBook book, int from, int to) {
    RecordBuffer buffer = new RecordBuffer();
    for (int i = from; i <= to; i++) {
      key(buffer, i);
      assertThat(book.records().find(buffer)).isTrue();
    }
  }

  private static long buckets(PageBook book) {
    return ShardIndex.buckets(
        Inside.memory(book)
            .getLongAcquire(Inside.shardAt(book, 0) + ShardLayout.LEVEL_SPLIT_OFFSET));
  }

  /**
   * A key's bucket changes only when it is split, and then as its slot tells, which holds 24 bits
   * of the hash.
   */
  @Test
  void slotAloneTellsWhereItsRecordGoesWhenTheBucketIsSplit() {
    SplittableRandom random = Seeds.random("LinearHashingTest, split bit");
    for (int i = 0; i < 100_000; i++) {
      long hash = random.nextLong();
      int level = random.nextInt(6, 30);
      long split = random.nextLong(1L << level);
      long slot = BucketLayout.slot(BucketLayout.tagOfHash(hash), 8L * random.nextInt(1, 1 << 30));
      long before = BucketLayout.bucket(hash, level, split);
      long after =
          split + 1 == 1L << level
              ? BucketLayout.bucket(hash, level + 1, 0)
              : BucketLayout.bucket(hash, level, split + 1);
      assertThat(before).isLessThan((1L << level) + split);
      if (before == split) {
        boolean moves = BucketLayout.splitBit(slot, level);
        assertThat(after).isEqualTo(moves ? split + (1L << level) : split);
      } else {
        assertThat(after).isEqualTo(before);
      }
      // and where it would be if this bucket were the one to be split
      long low = hash & (1L << level) - 1;
      assertThat(BucketLayout.splitBit(slot, level))
          .isEqualTo((hash & (2L << level) - 1) == low + (1L << level));
    }
  }

  /** A process that died while slots moved: misses wait until somebody has repaired that. */
  @Test
  void missUnderAnOddRelocationCountIsRepairedFirst() {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withShards(1));
    Inside.withoutHousekeeper(book);
    book.putString(1, "one");
    long shard = Inside.shardAt(book, 0);
    Inside.addKilled(book);
    Inside.memory(book).putLongVolatile(shard + ShardLayout.RELOCATIONS_OFFSET, 7);
    Inside.memory(book).putLongVolatile(shard + ShardLayout.LOCK_OFFSET, Inside.deadOwner());
    assertThat(book.getString(1)).isEqualTo("one");
    assertThat(Inside.memory(book).getLongVolatile(shard + ShardLayout.RELOCATIONS_OFFSET))
        .as("a hit needs no lock")
        .isEqualTo(7);
    assertThat(book.getString(2)).isNull();
    assertThat(Inside.memory(book).getLongVolatile(shard + ShardLayout.RELOCATIONS_OFFSET))
        .isEqualTo(8);
    assertThat(Inside.memory(book).getLongVolatile(shard + ShardLayout.LOCK_OFFSET)).isZero();
  }
}
