package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Four JVMs that read and write one book, of which a random one is killed and replaced again and
 * again. Everybody checks what it reads; in the end the parent checks that nothing finished was
 * lost, and the checker the whole book.
 */
final class KillLoop {
  /** Scales the time of all loops: seconds of the longest. */
  private static final double SECONDS =
      Double.parseDouble(System.getProperty("pagebook.crash.seconds", "20"));

  private static final double LONGEST = 20;
  private static final int MIN_PAUSE_MS = 100;
  private static final int MAX_PAUSE_MS = 300;
  private static final int STALLS_SHOWN = 4;

  private final String name;
  private final CheckedBooks books;
  private final boolean everything;
  private final SplittableRandom random;
  private final BlockingQueue<String> violations = new LinkedBlockingQueue<>();
  private final Queue<String> stalls = new ConcurrentLinkedQueue<>();
  private final ChildJvm[] workers = new ChildJvm[CrashLog.WORKERS];
  private final Path file;
  private final Path logFile;
  private final CrashLog log;

  /**
   * @param everything whether the workers vacuum and take book-wide locks, too
   */
  KillLoop(String name, CheckedBooks books, boolean everything) throws IOException {
    this.name = name;
    this.books = books;
    this.everything = everything;
    this.random = Seeds.random(name);
    this.file = books.file("crash.book");
    this.logFile = books.directory().resolve("crash.log");
    this.log = new CrashLog(logFile);
  }

  /** Kills for {@code seconds}, or as many times that as the property says. */
  void run(double seconds, BookOptions options) throws InterruptedException {
    create(options);
    for (int i = 0; i < workers.length; i++) {
      start(i);
    }
    long nanos = (long) (seconds * SECONDS / LONGEST * 1e9);
    long end = System.nanoTime() + nanos;
    int kills = 0;
    while (System.nanoTime() < end) {
      int pauseMs = random.nextInt(MIN_PAUSE_MS, MAX_PAUSE_MS + 1);
      failOn(violations.poll(pauseMs, TimeUnit.MILLISECONDS));
      int victim = victim();
      if (!workers[victim].isAlive()) {
        throw new AssertionError("a worker ended by itself\n" + workers[victim].transcript());
      }
      workers[victim].kill();
      failOn(violations.poll());
      kills++;
      start(victim);
    }
    stopAll();
    verify();
    report(kills);
    assertThat(kills).isGreaterThan((int) (nanos / 2e9));
    assertThat(log.sum(CrashLog.Counter.WRITES)).isGreaterThan(10L * kills);
    assertThat(log.sum(CrashLog.Counter.READS)).isGreaterThan(10L * kills);
    if (everything) {
      assertThat(log.sum(CrashLog.Counter.VACUUMS)).isPositive();
      assertThat(log.sum(CrashLog.Counter.BOOK_LOCKS)).isPositive();
    }
  }

  /**
   * Mostly one that works, with another one to survive it; sometimes one that may just be starting.
   */
  private int victim() {
    Awaitility.await("two workers at work")
        .atMost(ChildJvm.PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> countWorking() >= 2 || !violations.isEmpty());
    int victim = random.nextInt(workers.length);
    boolean anyone = random.nextInt(5) == 0;
    while (!anyone && violations.isEmpty() && !isWorking(workers[victim])) {
      victim = (victim + 1) % workers.length;
    }
    return victim;
  }

  private int countWorking() {
    int count = 0;
    for (ChildJvm worker : workers) {
      count += isWorking(worker) ? 1 : 0;
    }
    return count;
  }

  private static boolean isWorking(ChildJvm worker) {
    return worker.stdoutLines().contains("working");
  }

  private void create(BookOptions options) {
    try (PageBook book = PageBook.open(file, options)) {
      for (int key = 0; key < CrashWorker.LASTING_KEYS; key++) {
        book.putBytes(key, new CheckedValue(key, -1, 0, 100).encode());
      }
    }
  }

  private void start(int worker) {
    workers[worker] =
        books.closing(
            ChildJvm.of(CrashWorker.class)
                .seed(random.nextLong())
                .arguments(file, logFile, worker, everything)
                .listener(
                    line -> {
                      if (line.startsWith(CrashWorker.STALL)) {
                        stalls.add(line.substring(CrashWorker.STALL.length()));
                      }
                      if (line.startsWith(CrashWorker.VIOLATION)) {
                        violations.add("worker " + worker + ": " + line);
                      }
                    })
                .start());
  }

  private void failOn(@Nullable String violation) {
    if (violation != null) {
      StringBuilder transcripts = new StringBuilder();
      for (ChildJvm worker : workers) {
        transcripts.append('\n').append(worker.transcript());
      }
      throw new AssertionError(violation + transcripts);
    }
  }

  private void stopAll() {
    for (ChildJvm worker : workers) {
      if (worker.isAlive()) {
        worker.send("stop");
      }
    }
    for (ChildJvm worker : workers) {
      int code = worker.awaitEnd(Duration.ofSeconds(30));
      failOn(violations.poll());
      assertThat(code).as("exit code of %s", worker.transcript()).isZero();
    }
  }

  private void verify() {
    books.check();
    try (PageBook book = PageBook.open(file)) {
      boolean evicts = Inside.context(book).bounds().evicts();
      for (int index = 0; index < CrashLog.allOwned(); index++) {
        byte[] bytes = book.getBytes(CrashLog.id(index));
        long sequence =
            bytes == null ? -1 : CheckedValue.decode(CrashLog.id(index), bytes).sequence();
        if (sequence >= 0 || !evicts) {
          CrashLog.check(index, log.finished(index), log.begun(index), sequence);
        }
      }
      for (int key = 0; key < CrashWorker.SHARED_KEYS; key++) {
        byte[] bytes = book.getBytes(key);
        assertThat(bytes != null || evicts || key >= CrashWorker.LASTING_KEYS)
            .as("key %s is there", key)
            .isTrue();
        if (bytes != null) {
          CheckedValue.decode(key, bytes);
        }
      }
      // the survivors' book is as good as new
      for (int key = 0; key < CrashWorker.SHARED_KEYS; key++) {
        book.putBytes(key, new CheckedValue(key, -1, 1, 10_000).encode());
        book.remove(key);
      }
    }
  }

  private List<String> longestStalls() {
    return stalls.stream()
        .sorted(
            Comparator.comparingLong((String stall) -> Long.parseLong(stall.split(" ", 2)[0]))
                .reversed())
        .limit(STALLS_SHOWN)
        .toList();
  }

  private void report(int kills) {
    try (PageBook book = PageBook.open(file)) {
      System.out.printf(
          Locale.ROOT,
          "%s: %d kills, %d writes, %d reads, %d vacuums, %d book-wide locks, 0 lost, 0 torn;"
              + " longest stall of an operation %.0f ms, %d over 100 ms %s; file %d KiB, live %d KiB%n",
          name,
          kills,
          log.sum(CrashLog.Counter.WRITES),
          log.sum(CrashLog.Counter.READS),
          log.sum(CrashLog.Counter.VACUUMS),
          log.sum(CrashLog.Counter.BOOK_LOCKS),
          log.max(CrashLog.Counter.LONGEST_STALL_NANOS) / 1e6,
          log.sum(CrashLog.Counter.STALLS_OVER_100_MS),
          longestStalls(),
          book.fileBytes() >> 10,
          book.usedBytes() >> 10);
    }
  }
}
