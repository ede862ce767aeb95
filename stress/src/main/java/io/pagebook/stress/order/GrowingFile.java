package io.pagebook.stress.order;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.memory.PageMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that grows page by page and is opened twice, as by two processes: each side has its own
 * descriptors and its own mappings, which it must renew. The page count is where a book has it.
 *
 * <p>One file serves many states, each of which grows it once. Files of before are left to the
 * collector, descriptors and mappings: a state may still look at one.
 */
final class GrowingFile {
  /** The reader's answer where what was counted was mapped already. */
  static final int KNOWN = 0;

  /** The reader's answer where it had to map what was counted, and could. */
  static final int MAPPED = 1;

  /** The file is shorter than its page count. */
  static final int SHORT = -1;

  /** There is something in a page that nobody has written to. */
  static final int NOT_FREE = -2;

  private static final int PAGE_BYTES = 4096;
  private static final int GROWTHS = 1 << 13;

  /** A growth takes long: the reader waits for one, but not for ever. */
  private static final int PATIENCE = 1 << 12;

  private static GrowingFile current = new GrowingFile();
  private static int taken;

  private final PageMemory writers;
  private final PageMemory readers;

  private GrowingFile() {
    try {
      Path path = Files.createTempFile("pagebook-jcstress-", ".growing");
      try {
        writers = PageMemory.open(path);
        writers.appendZerosTo(PAGE_BYTES);
        readers = PageMemory.open(path);
      } finally {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!writers.ensureCovers(0, PAGE_BYTES)) {
      throw new IllegalStateException("not mapped");
    }
    count(1);
  }

  /** The file for one state. */
  static synchronized GrowingFile take() {
    if (++taken % GROWTHS == 0) {
      current = new GrowingFile();
    }
    return current;
  }

  /** The page count of the writer, who needs no lock: there is one. */
  long count() {
    return writers.getLongAcquire(BookLayout.PAGE_COUNT_OFFSET);
  }

  /** Appends zeros and maps them: as FileGrowth.grow. */
  void append(long pages) {
    try {
      writers.appendZerosTo(pages * PAGE_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!writers.ensureCovers(pages * PAGE_BYTES - 1, 1)) {
      throw new IllegalStateException("shorter than it was made: pages=" + pages);
    }
  }

  void count(long pages) {
    writers.putLongVolatile(BookLayout.PAGE_COUNT_OFFSET, pages);
  }

  /**
   * As ShardLocker: the count, then what is counted, mapped anew where it must be. Looks at the
   * moment at which the count moves, if it can.
   */
  int look() {
    long before = readersCount();
    long count = before;
    for (int i = 0; i < PATIENCE && count == before; i++) {
      Thread.onSpinWait();
      count = readersCount();
    }
    long end = count * PAGE_BYTES;
    boolean known = readers.covers(end - 1, 1);
    if (!readers.ensureCovers(end - 1, 1)) {
      return SHORT;
    }
    if (end > PAGE_BYTES && readers.getLongAcquire(end - Long.BYTES) != PageMapWord.FREE) {
      return NOT_FREE;
    }
    return known ? KNOWN : MAPPED;
  }

  private long readersCount() {
    return readers.getLongAcquire(BookLayout.PAGE_COUNT_OFFSET);
  }
}
