package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.SlotLayout;
import io.pagebook.book.process.ParticipantTable;
import io.pagebook.book.shard.ShardCheck;
import io.pagebook.book.shard.Violations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Verifies every invariant of a book and reports all that are broken: page ownership, index against
 * records, accounting of live bytes, checksums, counters, and that free and used pages are all
 * pages. Safe on a live book: it takes the book-wide write lock, so that writers wait while it
 * looks; it changes nothing but what a dead process had left half done.
 */
public final class BookChecker {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private BookChecker() {}

  /**
   * What a check found.
   *
   * @param violations one sentence each, the first thousand; empty for a sound book
   * @param records number of records that were verified
   * @param pages number of pages of the file
   * @param freePages pages that belong to nobody
   * @param reservedPages pages that live processes had reserved and not yet used
   */
  public record Report(
      List<String> violations, long records, long pages, long freePages, long reservedPages) {
    public Report {
      violations = List.copyOf(violations);
    }

    public boolean isSound() {
      return violations.isEmpty();
    }
  }

  /**
   * Checks the book at {@code file}.
   *
   * @throws BookException if it cannot be opened, or a live process kept a lock for half a minute
   */
  public static Report check(Path file) {
    return check(file, PATIENCE);
  }

  static Report check(Path file, Duration patience) {
    try (PageBook book = PageBook.open(file, BookOptions.DEFAULT.withLockTimeout(patience))) {
      PageBook.BookLock lock = book.lockForWriting(patience);
      try {
        return check(book.openBook().file());
      } finally {
        lock.close();
      }
    }
  }

  private static Report check(BookFile file) {
    file.participants().reclaimDead();
    Violations violations = new Violations();
    PageCensus census = new PageCensus(file);
    long records = 0;
    for (int i = 0; i < file.shards().length; i++) {
      file.shards()[i].lock(); // completes what a dead owner left
      try {
        ShardCheck check =
            new ShardCheck(file.context(), i, file.keyHash()::of, violations, census);
        records += check.run(hash -> file.shardIndexOf(hash));
      } finally {
        file.shards()[i].unlock();
      }
    }
    census.finish(violations);
    checkCounters(file.participants(), violations);
    long state = file.state();
    if (state != BookLayout.STATE_NORMAL) {
      violations.add("the state is not normal: state=" + state);
    }
    return new Report(
        violations.sentences(), records, file.pool().pageCount(), census.free(), census.reserved());
  }

  private static void checkCounters(ParticipantTable participants, Violations violations) {
    for (int slot = 0; slot < BookLayout.SLOTS; slot++) {
      for (int i = 0; i < SlotLayout.COUNTERS; i++) {
        long value = participants.counter(slot, i);
        if (value < 0) {
          violations.add(
              "a counter is negative: slot=" + slot + ", counter=" + i + ", value=" + value);
        }
      }
    }
  }
}
