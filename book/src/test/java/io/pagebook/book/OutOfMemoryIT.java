package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import io.pagebook.testing.Seeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A thread that runs out of memory inside the engine, again and again, leaves no lock behind and
 * nothing half done: the other threads of its JVM go on, and other processes.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OutOfMemoryIT {
  private static final int ENOUGH = Math.max(40, Integer.getInteger("pagebook.kills", 0) / 20);
  private static final int BIG_KEYS = 6;
  private static final int BIG_BYTES = 3_000_000;
  private static final int SMALL_KEYS = 50;
  private static final int SMALL_FIRST = 100;
  private static final int OTHERS_KEY = 1000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  /** The process without memory: one glutton, two threads of modest needs. */
  static final class Glutton {
    private final PageBook book;

    /** Of the glutton's calls of the book. */
    private final AtomicInteger errors = new AtomicInteger();

    /** The glutton's own. */
    private boolean insideEngine;

    private final AtomicInteger modestErrors = new AtomicInteger();
    private final AtomicInteger modestWrites = new AtomicInteger();

    private Glutton(PageBook book) {
      this.book = book;
    }

    public static void main(String[] args) throws InterruptedException {
      Parent parent = Parent.connect();
      Glutton glutton = new Glutton(PageBook.open(Path.of(args[0])));
      // what reports a failure is loaded while there is memory
      parent.say("working\t" + glutton.result());
      long seed = Seeds.inherited();
      List<Thread> threads = new ArrayList<>();
      threads.add(new Thread(() -> glutton.eat(new SplittableRandom(seed))));
      for (int i = 0; i < 2; i++) {
        int writer = i;
        threads.add(new Thread(() -> glutton.nibble(writer, parent)));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      glutton.book.close();
      parent.say("done\t" + glutton.result());
      System.exit(0);
    }

    private String result() {
      return errors + "\t" + modestErrors + "\t" + modestWrites;
    }

    private void eat(SplittableRandom random) {
      while (errors.get() < ENOUGH) {
        try {
          gorge(random);
        } catch (OutOfMemoryError e) {
          errors.addAndGet(insideEngine ? 1 : 0);
          insideEngine = false;
        }
      }
    }

    /** Keeps small blocks first, so that every allocation of a big call has its turn to fail. */
    @SuppressWarnings("ModifiedButNotUsed") // kept from the collector is what they are for
    private void gorge(SplittableRandom random) {
      List<byte[]> kept = new ArrayList<>(1000);
      for (int i = random.nextInt(12); i > 0; i--) {
        kept.add(new byte[1_000_000]);
      }
      while (true) {
        int key = random.nextInt(BIG_KEYS);
        byte[] value = new CheckedValue(key, 1, 1, BIG_BYTES / (1 + random.nextInt(100))).encode();
        int choice = random.nextInt(4);
        byte[] found = null;
        insideEngine = choice != 0;
        switch (choice) {
          case 0 -> found = value;
          case 1 -> book.remove(key);
          case 2 -> book.putBytes(key, value);
          default -> found = book.getBytes(key);
        }
        insideEngine = false;
        if (found != null) {
          kept.add(found);
        }
      }
    }

    private void nibble(int writer, Parent parent) {
      long[] written = new long[SMALL_KEYS];
      for (long sequence = 1; errors.get() < ENOUGH || sequence < 1000; sequence++) {
        int i = (int) (sequence % SMALL_KEYS);
        int key = SMALL_FIRST + writer * SMALL_KEYS + i;
        try {
          book.putBytes(key, new CheckedValue(key, writer, sequence, 200).encode());
          written[i] = sequence;
          modestWrites.incrementAndGet();
          byte[] bytes = book.getBytes(key);
          if (bytes == null || CheckedValue.decode(key, bytes).sequence() != sequence) {
            parent.say("failed\tlost: key=" + key);
          }
        } catch (OutOfMemoryError e) {
          modestErrors.incrementAndGet();
        } catch (RuntimeException | AssertionError e) {
          parent.say("failed\t" + e);
        }
      }
      for (int i = 0; i < SMALL_KEYS; i++) {
        int key = SMALL_FIRST + writer * SMALL_KEYS + i;
        byte[] bytes = book.getBytes(key);
        if (bytes == null || CheckedValue.decode(key, bytes).sequence() < written[i]) {
          parent.say("failed\tlost at the end: key=" + key);
        }
      }
    }
  }

  @Test
  void leavesNothingBehind() {
    PageBook book =
        books.open("a.book", BookOptions.DEFAULT.withLockTimeout(Duration.ofSeconds(10)));
    ChildJvm child =
        books.closing(
            ChildJvm.of(Glutton.class)
                .heap("16m")
                .systemProperty("pagebook.kills", System.getProperty("pagebook.kills", "0"))
                .seed(Seeds.seed("OutOfMemoryIT"))
                .arguments(book.file())
                .start());
    child.awaitLine("working");
    long writes = 0;
    while (child.isAlive() && child.stdoutLines().stream().noneMatch(l -> l.startsWith("done"))) {
      int key = OTHERS_KEY + (int) (++writes % 100);
      book.putBytes(key, new CheckedValue(key, 9, writes, 500).encode());
      if (writes % 1000 == 0) {
        book.lockForWriting(Duration.ofSeconds(10)).close();
      }
    }
    String[] done = child.awaitLine("done", Duration.ofSeconds(100)).split("\t", -1);
    System.out.println(
        "out of memory: "
            + done[1]
            + " times, in other threads "
            + done[2]
            + ", their finished writes: "
            + done[3]
            + ", writes of another process: "
            + writes);
    assertThat(child.stdoutLines()).noneMatch(line -> line.startsWith("failed"));
    assertThat(child.awaitEnd(ChildJvm.PATIENCE)).isZero();
    assertThat(writes).isPositive();
    for (int key = 0; key < BIG_KEYS; key++) {
      byte[] bytes = book.getBytes(key);
      if (bytes != null) {
        CheckedValue.decode(key, bytes);
      }
      book.putBytes(key, new byte[100]);
    }
  }
}
