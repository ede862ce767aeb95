package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.SlotLayout;
import io.pagebook.book.process.ParticipantTable;
import io.pagebook.book.shard.ShardCheck;
import io.pagebook.book.shard.Violations;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Verifies every invariant of a book and reports all that are broken: page ownership, index against
 * records, accounting of live bytes, checksums, counters, and that free and used pages are all
 * pages. Safe on a live book: it takes the book-wide write lock, so that writers wait while it
 * looks; it changes nothing but what a dead process had left half done.
 *
 * <p>From the command line: {@code java -cp pagebook-book.jar:hash4j.jar
 * io.pagebook.book.BookChecker FILE...} prints what it found of each and ends with status 0 if all
 * are sound, 1 if one is not, 2 if one could not be checked.
 */
public final class BookChecker {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String USAGE =
      """
      Usage: java -cp pagebook-book.jar:hash4j.jar io.pagebook.book.BookChecker FILE...
      Verifies every invariant of books, also while others use them; their writers wait.
      Ends with status 0 if all are sound, 1 if one is not, 2 if one cannot be checked.
      """;
  private static final int SOUND = 0;
  private static final int UNSOUND = 1;
  private static final int UNCHECKED = 2;

  private BookChecker() {}

  /**
   * Checks the books that are named, and ends the JVM with a status that says what was found.
   *
   * @param files paths of books; {@code --help} for what this is
   */
  public static void main(String[] files) {
    System.exit(run(List.of(files), System.out, System.err));
  }

  static int run(List<String> files, PrintStream out, PrintStream errors) {
    boolean help = files.contains("--help");
    if (help || files.isEmpty()) {
      (help ? out : errors).print(USAGE);
      return help ? SOUND : UNCHECKED;
    }
    int status = SOUND;
    for (String file : files) {
      try {
        Report report = check(Path.of(file));
        report.violations().forEach(violation -> out.println(file + ": " + violation));
        out.println(file + ": " + report.summary());
        status = Math.max(status, report.isSound() ? SOUND : UNSOUND);
      } catch (BookException | InvalidPathException e) {
        errors.println(file + ": " + e.getMessage());
        status = UNCHECKED;
      }
    }
    return status;
  }

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

    private String summary() {
      return (isSound() ? "sound: " : "unsound: violations=" + violations.size() + ", ")
          + "records="
          + records
          + ", pages="
          + pages
          + ", freePages="
          + freePages
          + ", reservedPages="
          + reservedPages;
    }
  }

  /**
   * Checks the book at {@code file}.
   *
   * @throws BookException if there is none or it cannot be opened, or a live process kept a lock
   *     for half a minute
   */
  public static Report check(Path file) {
    if (!Files.exists(file)) {
      throw new BookException.Refused(
          "there is no book to check: file=" + file + "; name the file of a book or cache");
    }
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
