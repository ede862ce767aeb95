package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.process.KernelLocks;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.ClassArchive;
import io.pagebook.testing.Seeds;
import io.pagebook.testing.Summary;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
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
      Double.parseDouble(System.getProperty("pagebook.crash.seconds", "8"));

  private static final double LONGEST = 20;
  private static final int MIN_PAUSE_MS = 100;
  private static final int MAX_PAUSE_MS = 300;

  /**
   * What a survivor may wait without an excuse: the 100 ms of the contract, and what a busy machine
   * takes to give a processor to the living whom it waits for. Losing a death would cost ten times
   * as much, the lock timeout.
   */
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long the workers of a storm work, at most. */
  private static final long MAX_LIFE_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

  private static final Duration STORM_PATIENCE = Duration.ofMinutes(3);
  private static final int LEAST_KILLS = 3;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

  private final String name;
  private final CheckedBooks books;
  private final boolean everything;
  private final SplittableRandom random;
  private final BlockingQueue<String> violations = new LinkedBlockingQueue<>();
  private final StallReport stalls = new StallReport();
  private final ChildJvm[] workers = new ChildJvm[CrashLog.WORKERS];
  private final Path file;
  private final Path logFile;
  private final CrashLog log;
  private UnaryOperator<ChildJvm.Builder> start = child -> child;
  private long bookId;

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
      start(i, random);
    }
    long start = System.nanoTime();
    long nanos = (long) (seconds * SECONDS / LONGEST * 1e9);
    int kills = 0;
    while (System.nanoTime() - start < nanos || !isEnough(kills)) {
      assertThat(System.nanoTime() - start)
          .as("time for enough of everything, with %s kills", kills)
          .isLessThan(nanos + PATIENCE_NANOS);
      int pauseMs = random.nextInt(MIN_PAUSE_MS, MAX_PAUSE_MS + 1);
      failOn(violations.poll(pauseMs, TimeUnit.MILLISECONDS));
      int victim = victim();
      if (!workers[victim].isAlive()) {
        throw new AssertionError("a worker ended by itself\n" + workers[victim].transcript());
      }
      kill(victim);
      failOn(violations.poll());
      kills++;
      start(victim, random);
    }
    stopAll();
    verify();
    report(kills);
    assertThat(stalls.longestUnexcusedNanos()).isLessThan(LONGEST_WAIT_NANOS);
  }

  /**
   * Kills {@code wanted} times, each worker independently of the others and soon after it has begun
   * to work, or while it begins: several die at once. The first one lives longer, to survive.
   *
   * @param archive lets the workers start sooner
   */
  void storm(int wanted, BookOptions options, ClassArchive archive) throws InterruptedException {
    create(options);
    if (!archive.isRecorded()) {
      start = archive::record;
      start(0, random);
      workers[0].awaitLine("working", STORM_PATIENCE);
      workers[0].send("stop");
      assertThat(workers[0].awaitEnd(STORM_PATIENCE)).as(workers[0].transcript()).isZero();
      failOn(violations.poll());
    }
    start = archive::use;
    AtomicInteger kills = new AtomicInteger();
    Thread[] killers = new Thread[workers.length];
    for (int i = 0; i < killers.length; i++) {
      int worker = i;
      SplittableRandom own = random.split();
      killers[i] = new Thread(() -> stormOn(worker, own, kills, wanted), "killer " + i);
      killers[i].setDaemon(true);
      killers[i].start();
    }
    for (Thread killer : killers) {
      killer.join();
    }
    failOn(violations.poll());
    for (int i = 0; i < workers.length; i++) {
      start(i, random);
      workers[i].awaitLine("working", STORM_PATIENCE);
    }
    stopAll();
    verify();
    report(kills.get());
    assertThat(kills.get()).isGreaterThanOrEqualTo(wanted);
    assertThat(stalls.longestUnexcusedNanos()).isLessThan(LONGEST_WAIT_NANOS);
  }

  private void stormOn(int worker, SplittableRandom own, AtomicInteger kills, int wanted) {
    try {
      while (kills.get() < wanted && violations.isEmpty()) {
        start(worker, own);
        boolean early = own.nextInt(4) == 0;
        workers[worker].awaitLine(early ? CrashWorker.SLOT : "working", STORM_PATIENCE);
        long most = worker == 0 ? 4 * MAX_LIFE_NANOS : MAX_LIFE_NANOS;
        long end = System.nanoTime() + own.nextLong(most);
        for (long now = System.nanoTime(); now - end < 0; now = System.nanoTime()) {
          LockSupport.parkNanos(end - now);
        }
        if (!workers[worker].isAlive()) {
          throw new AssertionError("a worker ended by itself\n" + workers[worker].transcript());
        }
        kill(worker);
        kills.incrementAndGet();
      }
    } catch (RuntimeException | Error e) {
      violations.add("killer of worker " + worker + ": " + e);
    }
  }

  /** A busy machine may need longer than the time that was given. */
  private boolean isEnough(int kills) {
    return kills >= LEAST_KILLS
        && log.sum(CrashLog.Counter.WRITES) > 10L * kills
        && log.sum(CrashLog.Counter.READS) > 10L * kills
        && (!everything
            || (log.sum(CrashLog.Counter.VACUUMS) > 0 && log.sum(CrashLog.Counter.BOOK_LOCKS) > 0));
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
      bookId = book.openBook().file().header().bookId();
      for (int key = 0; key < CrashWorker.LASTING_KEYS; key++) {
        book.putBytes(key, new CheckedValue(key, -1, 0, 100).encode());
      }
    }
  }

  private void start(int worker, SplittableRandom seeds) {
    workers[worker] =
        books.closing(
            start
                .apply(ChildJvm.of(CrashWorker.class))
                .seed(seeds.nextLong())
                .arguments(file, logFile, worker, everything)
                .listener(
                    line -> {
                      if (!stalls.hear(line) && line.startsWith(CrashWorker.VIOLATION)) {
                        violations.add("worker " + worker + ": " + line);
                      }
                    })
                .start());
  }

  /** Kills a worker, and sees when the kernel has dropped its locks. */
  private void kill(int victim) {
    long killed = System.nanoTime();
    workers[victim].signalDeath();
    long released = killed;
    for (String line : workers[victim].stdoutLines()) {
      if (line.startsWith(CrashWorker.SLOT)) {
        int slot = Integer.parseInt(line.substring(CrashWorker.SLOT.length()));
        released = KernelLocks.awaitRelease(books.directory(), bookId, slot);
      }
    }
    workers[victim].kill();
    stalls.death(log.keptOutSince(victim, killed), killed, released);
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

  private void report(int kills) {
    try (PageBook book = PageBook.open(file)) {
      Summary.line(
          "%s: %d kills (%d so far), %d writes, %d reads, %d vacuums, %d book-wide locks, 0 lost, 0 torn;"
              + " file %d KiB, live %d KiB%n  %s",
          name,
          kills,
          Summary.kills(kills),
          log.sum(CrashLog.Counter.WRITES),
          log.sum(CrashLog.Counter.READS),
          log.sum(CrashLog.Counter.VACUUMS),
          log.sum(CrashLog.Counter.BOOK_LOCKS),
          book.fileBytes() >> 10,
          book.usedBytes() >> 10,
          stalls);
    }
  }
}
