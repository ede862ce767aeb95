package io.pagebook.book.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.BookException;
import io.pagebook.book.BookOptions;
import io.pagebook.book.Inside;
import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.RecordCursor;
import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Damage to any byte of the index is seen by whoever misses a record because of it: reads, passes
 * over all records, and writes that take the key for a new one count it.
 */
@Timeout(120)
final class DamagedIndexTest {
  private static final int KEYS = 350;
  private static final Logger LOGGER = Logger.getLogger("io.pagebook.book");

  @RegisterExtension final CheckedBooks books = CheckedBooks.inSharedMemory();
  private final SplittableRandom random = Seeds.random("DamagedIndexTest");
  private PageBook book;
  private PageMemory memory;
  private ShardIndex index;

  @BeforeEach
  void fill() {
    LOGGER.setLevel(Level.OFF); // damage is what is wanted here
    book = books.open("a.book", BookOptions.DEFAULT.withShards(1));
    for (int id = 0; id < KEYS; id++) {
      book.putBytes(id, new byte[] {(byte) id});
    }
    memory = Inside.memory(book);
    index = new ShardIndex(Inside.context(book), 0);
  }

  @Test
  void everyMissIsCounted() {
    List<Long> words = bucketWords();
    words.add(Inside.shardAt(book, 0) + ShardLayout.LEVEL_SPLIT_OFFSET);
    int missed = 0;
    for (long word : words) {
      for (int at = 0; at < Long.BYTES; at++) {
        long sound = memory.getLongAcquire(word);
        memory.putLongVolatile(word, sound ^ (1 + random.nextLong(255)) << (at * Byte.SIZE));
        missed += expectCounted(word);
        memory.putLongVolatile(word, sound);
      }
    }
    System.out.println("damaged bytes=" + words.size() * Long.BYTES + ", misses=" + missed);
    assertThat(missed).isGreaterThan(KEYS);
  }

  /** Reads and enumerates all; the number of misses, which must be counted if there is one. */
  private int expectCounted(long word) {
    long before = book.records().damagedRecords();
    int missed = 0;
    for (int id = 0; id < KEYS; id++) {
      byte[] found = book.getBytes(id);
      if (found == null) {
        missed++;
      } else {
        assertThat(found).isEqualTo(new byte[] {(byte) id});
      }
    }
    long counted = book.records().damagedRecords() - before;
    assertThat(counted)
        .as("misses that were counted: word=%d", word)
        .isGreaterThanOrEqualTo(missed);
    if (missed > 0) {
      expectCountedByAPass(word);
    }
    return missed;
  }

  private void expectCountedByAPass(long word) {
    long before = book.records().damagedRecords();
    RecordCursor cursor = book.records().cursor();
    RecordBuffer buffer = new RecordBuffer();
    int seen = 0;
    try {
      while (cursor.next(buffer)) {
        seen++;
      }
    } catch (BookException.Corrupt e) {
      return; // told more clearly
    }
    if (seen < KEYS) {
      assertThat(book.records().damagedRecords())
          .as("a pass that lacks records: word=%d", word)
          .isGreaterThan(before);
    }
  }

  @Test
  void addingWhatIsThereIsCounted() {
    long bucket = index.bucketAt(0);
    for (long number = 1; index.slotAcquire(bucket, 0) == BucketLayout.EMPTY; number++) {
      bucket = index.bucketAt(number); // which keys a bucket has, the book's seed tells
    }
    long slot = ShardIndex.slotPosition(bucket, 0);
    memory.putLongVolatile(slot, memory.getLongAcquire(slot) ^ 1L << 50);
    long before = book.records().damagedRecords();
    int added = 0;
    for (int id = 0; id < KEYS; id++) {
      added += book.addBytes(id, new byte[] {(byte) id}) ? 1 : 0;
    }
    assertThat(added).isEqualTo(1);
    assertThat(book.records().damagedRecords()).isGreaterThan(before);
    books.doNotCheck(book.file()); // a record is there twice
  }

  private List<Long> bucketWords() {
    List<Long> words = new ArrayList<>();
    long buckets = ShardIndex.buckets(index.levelSplitAcquire());
    for (long number = 0; number < buckets; number++) {
      for (long bucket = index.bucketAt(number); bucket != 0; bucket = index.nextAcquire(bucket)) {
        for (int at = 0; at < BucketLayout.BUCKET_BYTES; at += Long.BYTES) {
          words.add(bucket + at);
        }
      }
    }
    return words;
  }
}
