package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import io.pagebook.testing.Seeds;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A process that is stopped in the middle of its reads, while their records are rewritten, removed,
 * cleaned up and vacuumed away, finds whole values or none when it goes on.
 */
@Timeout(value = 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StoppedReaderIT {
  private static final int[] LENGTHS = {40, 100, 1000, 5000, 30_000, 400_000, 2_000_000};
  private static final int KEYS = 2 * LENGTHS.length;
  private static final int LONGEST = Arrays.stream(LENGTHS).max().orElseThrow();
  private static final int STOPS = Math.max(40, Integer.getInteger("pagebook.kills", 0) / 10);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private long sequence;

  /** The process that is stopped: two threads that read, each in its way. */
  static final class Reader {
    private Reader() {}

    /** Reads the book of its argument until the parent says a word. */
    public static void main(String[] args) throws InterruptedException {
      Parent parent = Parent.connect();
      PageBook book = PageBook.open(Path.of(args[0]));
      AtomicLong whole = new AtomicLong();
      AtomicLong missing = new AtomicLong();
      Thread[] threads = new Thread[2];
      for (int i = 0; i < threads.length; i++) {
        SplittableRandom random = new SplittableRandom(Seeds.inherited() + i);
        boolean first = i == 0;
        threads[i] =
            new Thread(
                () -> {
                  ByteBuffer target = first ? ByteBuffer.allocate(LONGEST) : null;
                  try {
                    while (!parent.hasSpoken()) {
                      int key = random.nextInt(KEYS);
                      (read(book, key, target) ? whole : missing).incrementAndGet();
                    }
                  } catch (RuntimeException | Error e) {
                    parent.say("failed\t" + e);
                  }
                });
        threads[i].start();
      }
      parent.say("reading");
      for (Thread thread : threads) {
        thread.join();
      }
      parent.say("done\t" + whole + "\t" + missing + "\t" + book.records().damagedRecords());
      book.close();
      System.exit(0);
    }

    /** Into the target, if there is one. */
    private static boolean read(PageBook book, int key, @Nullable ByteBuffer target) {
      byte[] bytes = target == null ? book.getBytes(key) : readInto(target, book, key);
      if (bytes == null) {
        return false;
      }
      int length = CheckedValue.decode(key, bytes).length();
      assertThat(length).isIn(LENGTHS[key / 2], LENGTHS[key / 2] - 8);
      return true;
    }
  }

  private static byte @Nullable [] readInto(ByteBuffer target, PageBook book, int key) {
    int length = book.read(key, target.clear());
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    target.flip().get(bytes);
    return bytes;
  }

  @Test
  void endsWithAWholeValueOrAMiss() {
    long seed = Seeds.seed("StoppedReaderIT");
    SplittableRandom random = new SplittableRandom(seed);
    PageBook book = books.open("a.book", BookOptions.DEFAULT.withShards(2));
    rewrite(book, random);
    ChildJvm child =
        books.closing(ChildJvm.of(Reader.class).seed(seed).arguments(book.file()).start());
    child.awaitLine("reading");
    int vacuums = 0;
    for (int stop = 0; stop < STOPS; stop++) {
      LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(20)));
      child.stop();
      try {
        for (int round = 1 + random.nextInt(3); round > 0; round--) {
          rewrite(book, random);
        }
        if (random.nextInt(3) == 0) {
          for (int key = 0; key < KEYS; key += 1 + random.nextInt(3)) {
            book.remove(key);
          }
          book.vacuum();
          vacuums++;
        }
      } finally {
        child.resume();
      }
      if (random.nextBoolean()) {
        rewrite(book, random);
      }
    }
    child.send("enough");
    String[] done = child.awaitLine("done").split("\t", -1);
    System.out.println(
        "stops: "
            + STOPS
            + ", vacuums meanwhile: "
            + vacuums
            + ", writes: "
            + sequence
            + ", whole values read: "
            + done[1]
            + ", misses: "
            + done[2]);
    assertThat(child.stdoutLines()).noneMatch(line -> line.startsWith("failed"));
    assertThat(Long.parseLong(done[1])).as("whole values").isGreaterThan(10L * STOPS);
    assertThat(vacuums).isPositive();
    assertThat(done[3]).as("records met damaged").isEqualTo("0");
    assertThat(child.awaitEnd(ChildJvm.PATIENCE)).isZero();
  }

  /** Lengths that differ by turns, so that no record fits where its predecessor was. */
  private void rewrite(PageBook book, SplittableRandom random) {
    for (int key = 0; key < KEYS; key++) {
      int length = LENGTHS[key / 2] - (random.nextBoolean() ? 8 : 0);
      book.putBytes(key, new CheckedValue(key, 1, ++sequence, length).encode());
    }
  }
}
