package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.testing.CheckedBooks;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whoever comes after a process that died with every lock of the book in its hands, as a vacuum has
 * them, goes on at once, and does not wait for each lock as for a living owner.
 */
@Timeout(60)
final class DeadHolderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /**
   * The contract says 100 ms; the rest is for a busy machine. To wait 2 ms for each of the key
   * stripes, as a living owner is waited for before it is looked at, would take more than 2 s.
   */
  private static final long LONGEST_MS = 1_000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  @Test
  void survivorsGoOnAtOnce() {
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(PATIENCE));
    Inside.withoutHousekeeper(book); // it would give the locks back before we come
    book.putString(1, "one");
    time(book, "put", () -> book.putString(1, "two"));
    time(book, "read lock", () -> book.lockForReading(PATIENCE).close());
    time(book, "write lock", () -> book.lockForWriting(PATIENCE).close());
    time(book, "vacuum", book::vacuum);
    time(
        book,
        "key lock",
        () -> {
          RecordBuffer key = new RecordBuffer();
          key.setId(1);
          book.records().lock(key).close();
        });
    assertThat(book.getString(1)).isEqualTo("two");
  }

  private static void time(PageBook book, String what, Runnable operation) {
    leaveEveryLockToTheDead(book);
    long start = System.nanoTime();
    operation.run();
    double millis = (System.nanoTime() - start) / 1e6;
    System.out.printf(
        Locale.ROOT, "%s after the death of who held every lock: %.1f ms%n", what, millis);
    assertThat(millis).as(what).isLessThan(LONGEST_MS);
  }

  private static void leaveEveryLockToTheDead(PageBook book) {
    Inside.addKilled(book);
    PageMemory memory = Inside.memory(book);
    long dead = Inside.deadOwner();
    memory.putLongVolatile(BookLayout.VACUUM_LOCK_OFFSET, dead);
    memory.putLongVolatile(BookLayout.GATE_WRITER_OFFSET, dead);
    memory.putLongVolatile(BookLayout.GROWTH_LOCK_OFFSET, dead);
    for (int stripe = 0; stripe < BookLayout.STRIPES; stripe++) {
      memory.putLongVolatile(Inside.geometry(book).stripe(stripe), dead);
    }
    for (int shard = 0; shard < book.openBook().file().shards().length; shard++) {
      memory.putLongVolatile(Inside.shardAt(book, shard) + ShardLayout.LOCK_OFFSET, dead);
    }
  }
}
