package io.pagebook.book.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The error of a lost page does not get past {@link PageMemory#throwLateError}, however the page
 * was touched, in compiled code of several threads and beside a collector.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LateErrorIT {
  private static final int BYTES = 1 << 20;
  private static final int WARM = 300_000;
  private static final int TOUCHES = 20_000;
  private static final int WAYS = 11;
  private static final int THREADS = 3;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  /** The process that loses its pages. */
  static final class Loser {
    static volatile Object garbage = "";

    private final PageMemory memory;
    private final Words words;
    private final AtomicLong inTime = new AtomicLong();
    private final AtomicLong late = new AtomicLong();

    private Loser(PageMemory memory) {
      this.memory = memory;
      this.words = memory.words(0, BYTES);
    }

    public static void main(String[] args) throws IOException, InterruptedException {
      Path path = Path.of(args[0]);
      try (PageMemory memory = PageMemory.open(path)) {
        new Loser(memory).run(path);
      }
      System.exit(0);
    }

    private void run(Path path) throws IOException, InterruptedException {
      byte[] piece = new byte[64];
      for (int i = 0; i < WARM; i++) {
        touch(i, piece);
      }
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.truncate(0);
      }
      AtomicBoolean ended = new AtomicBoolean();
      Thread collected =
          new Thread(
              () -> {
                while (!ended.get()) {
                  garbage = new byte[100_000];
                }
              });
      collected.start();
      Thread[] threads = new Thread[THREADS];
      for (int t = 0; t < THREADS; t++) {
        threads[t] = new Thread(this::lose);
        threads[t].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      ended.set(true);
      collected.join();
      Parent.connect().say("errors\t" + inTime + "\t" + late);
    }

    private void lose() {
      byte[] piece = new byte[64];
      for (int i = 0; i < TOUCHES; i++) {
        boolean passed = false;
        try {
          touch(i, piece);
          PageMemory.throwLateError();
          passed = true;
          PageMemory.throwLateError();
          late.incrementAndGet(); // never thrown, or to be thrown who knows where
        } catch (InternalError e) {
          (passed ? late : inTime).incrementAndGet();
        }
      }
    }

    private void touch(int i, byte[] piece) {
      long at = (long) i * Long.BYTES % (BYTES - piece.length);
      switch (i % WAYS) {
        case 0 -> garbage = memory.getLongPlain(at);
        case 1 -> garbage = memory.getLongAcquire(at);
        case 2 -> memory.putLongRelease(at, 1);
        case 3 -> memory.compareAndSetLong(at, 1, 2);
        case 4 -> memory.copyOut(at, piece, 0, piece.length);
        case 5 -> garbage = words.getLongPlain((int) at);
        case 6 -> words.putLongRelease((int) at, 1);
        case 7 -> garbage = words.getLongAcquire((int) at);
        case 8 -> words.putLongPlain((int) at, 1);
        case 9 -> memory.compareAndSetLongCold(at, 1, 2);
        default -> memory.copyIn(at, piece, 0, piece.length);
      }
    }
  }

  /** Compares and sets words as a contended lock does, whose loop is seldom reached. */
  static final class Comparer {
    private Comparer() {}

    public static void main(String[] args) throws IOException {
      Path path = Path.of(args[0]);
      int errors = 0;
      try (PageMemory memory = PageMemory.open(path)) {
        for (int i = 0; i < WARM; i++) {
          change(memory, i);
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          channel.truncate(0);
        }
        for (int i = 0; i < TOUCHES; i++) {
          try {
            change(memory, i);
          } catch (InternalError e) {
            errors++;
          }
        }
      }
      Parent.connect().say("errors\t" + errors);
      System.exit(0);
    }

    private static void change(PageMemory memory, int i) {
      long at = (long) i * Long.BYTES % BYTES;
      long word = memory.getLongVolatile(at);
      memory.compareAndSetLongCold(at, word, word + 1);
      PageMemory.throwLateError(); // of the load, if the word was another the second time
    }
  }

  /** The JVM's own compare-and-set, which only its interpreter uses, is not survived. */
  @Test
  void comesBeforeAnInterpretedCompareAndSet() throws IOException {
    Path file = books.directory().resolve("pages");
    Files.write(file, new byte[BYTES]);
    try (ChildJvm child =
        ChildJvm.of(Comparer.class)
            .jvmOption("-XX:+UnlockDiagnosticVMOptions")
            .jvmOption("-XX:DisableIntrinsic=_compareAndSetLong")
            .arguments(file)
            .start()) {
      assertThat(child.awaitLine("errors")).isEqualTo("errors\t" + TOUCHES);
      assertThat(child.awaitEnd(ChildJvm.PATIENCE)).isZero();
    }
  }

  @Test
  void comesAtOnce() throws IOException {
    Path file = books.directory().resolve("pages");
    Files.write(file, new byte[BYTES]);
    try (ChildJvm child = ChildJvm.of(Loser.class).arguments(file).start()) {
      String[] errors = child.awaitLine("errors").split("\t", -1);
      System.out.println("errors in time: " + errors[1] + ", late: " + errors[2]);
      assertThat(errors[2]).as("late errors").isEqualTo("0");
      assertThat(errors[1]).as("errors").isEqualTo(String.valueOf(THREADS * TOUCHES));
      assertThat(child.awaitEnd(ChildJvm.PATIENCE)).isZero();
    }
  }
}
