package io.pagebook.stress.order;

import io.pagebook.book.memory.PageMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Mapped words for the states of a test, each on a cache line of its own. A state's words are used
 * again much later than jcstress has dropped the state.
 */
final class Words {
  private static final int LINE_BYTES = 64;
  private static final int LINES_PER_STATE = 4;
  private static final int STATES = 1 << 16;
  private static final AtomicInteger NEXT = new AtomicInteger();

  /** The mapping of one file. */
  static final PageMemory MEMORY = map();

  /** The mapping of another file. */
  static final PageMemory OTHER = map();

  /** With {@link #SECOND} and zero, values of which no mixture of halves is another one. */
  static final long FIRST = 0x1_0000_0001L;

  static final long SECOND = 2 * FIRST;

  private Words() {}

  /** 0, 1 or 2 for zero, {@link #FIRST} and {@link #SECOND}; -1 for a word that was torn. */
  static int seen(long word) {
    if (word == SECOND) {
      return 2;
    }
    if (word == FIRST) {
      return 1;
    }
    return word == 0 ? 0 : -1;
  }

  private static PageMemory map() {
    try {
      Path file = Files.createTempFile("pagebook-jcstress-", ".words");
      try {
        PageMemory memory = PageMemory.open(file);
        memory.appendZerosTo((long) STATES * LINES_PER_STATE * LINE_BYTES);
        if (!memory.ensureCovers(0, Long.BYTES)) {
          throw new IllegalStateException("not mapped: file=" + file);
        }
        return memory;
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The position of the first of four lines, in both files, that are all zeros. */
  static long take() {
    long at = (long) (NEXT.getAndIncrement() & STATES - 1) * LINES_PER_STATE * LINE_BYTES;
    for (int line = 0; line < LINES_PER_STATE; line++) {
      MEMORY.zero(line(at, line), Long.BYTES * 4L);
      OTHER.zero(line(at, line), Long.BYTES * 4L);
    }
    return at;
  }

  /** The position of a line of the four. */
  static long line(long at, int line) {
    return at + (long) line * LINE_BYTES;
  }
}
