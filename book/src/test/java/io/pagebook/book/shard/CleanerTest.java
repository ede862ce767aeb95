package io.pagebook.book.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.BookOptions;
import io.pagebook.book.Inside;
import io.pagebook.book.PageBook;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.process.SharedLock;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.Seeds;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When cleaning is due, and what it leaves. */
final class CleanerTest {
  private static final int LONG_VALUE = 1 << 15;
  private static final int LONG_VALUES = 1_500;
  private static final int VALUES = 60_000;
  private static final int REPLACEMENTS = 5 * VALUES;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inSharedMemory();

  private static long word(PageBook book, int offset) {
    return Inside.memory(book).getLongAcquire(Inside.shardAt(book, 0) + offset);
  }

  /** Of long records many a segment's end is unused: that is dead to nobody's use. */
  @Test
  void isNotDueForWhatCannotBeWon() {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withShards(1));
    for (int id = 0; id < LONG_VALUES; id++) {
      book.putBytes(id, new byte[LONG_VALUE]);
    }
    StoreContext context = Inside.context(book);
    SharedLock lock = Inside.shardLock(book, 0);
    lock.lock(1_000_000_000);
    try {
      Cleaner cleaner = new Cleaner(ShardParts.of(context, 0, lock, key -> Inside.hash(book, key)));
      assertThat(cleaner.step()).isEqualTo(Cleaner.Step.NOTHING_TO_DO);
      assertThat(cleaner.isDue()).isFalse();
    } finally {
      lock.unlock();
    }
  }

  @Test
  void littleMoreThanAnEighthIsDead() {
    SplittableRandom random = Seeds.random("littleMoreThanAnEighthIsDead");
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withShards(1));
    for (int id = 0; id < VALUES; id++) {
      book.putBytes(id, new byte[100]);
    }
    for (int i = 0; i < REPLACEMENTS; i++) {
      book.putBytes(random.nextInt(VALUES), new byte[random.nextInt(50, 151)]);
    }
    long log = word(book, ShardLayout.LOG_BYTES_OFFSET);
    long dead = log - word(book, ShardLayout.LIVE_BYTES_OFFSET);
    System.out.println("bytes of the log: " + log + ", dead: " + dead);
    assertThat(dead).isLessThan(log / 8 + (1 << 20));
  }
}
