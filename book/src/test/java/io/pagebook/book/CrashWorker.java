package io.pagebook.book;

import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.Parent;
import io.pagebook.testing.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A process of {@link KillLoop}: reads and writes a book until it is killed or told to stop, and
 * checks everything that it reads. Arguments: book, log, number of the worker, whether to vacuum
 * and lock too.
 */
@SuppressWarnings("try") // a lock is held for its effect, not for its name
final class CrashWorker {
  /** Keys that everybody writes and nobody removes: 0 up to this. */
  static final int LASTING_KEYS = 24;

  /** Keys that everybody writes and removes: from {@link #LASTING_KEYS} up to this. */
  static final int SHARED_KEYS = 48;

  /** What a line starts with that tells of a broken promise. */
  static final String VIOLATION = "VIOLATION ";

  /** What a line starts with that tells of an operation that took long. */
  static final String STALL = "STALL ";

  private static final int STEPS_PER_BOOK_LOCK = 80;
  private static final int STEPS_PER_VACUUM = 300;
  private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Parent parent;
  private final PageBook book;
  private final CrashLog log;
  private final int worker;
  private final int thread;
  private final boolean everything;

  /** Whether any record may be missing. */
  private final boolean evicts;

  private final SplittableRandom random;
  private final long[] next = new long[CrashLog.OWNED_KEYS];
  private final long[] seen = new long[CrashLog.allOwned()];
  private final ByteBuffer scratch = ByteBuffer.allocate(4000);
  private long sharedSequence;
  private long steps;

  /** What the threads of a process share. */
  private record Setup(
      Parent parent, PageBook book, CrashLog log, int worker, boolean everything) {}

  private CrashWorker(Setup setup, int thread, SplittableRandom random) {
    this.parent = setup.parent;
    this.book = setup.book;
    this.log = setup.log;
    this.worker = setup.worker;
    this.everything = setup.everything;
    this.thread = thread;
    this.evicts = Inside.context(book).bounds().evicts();
    this.random = random;
  }

  public static void main(String[] args) throws IOException {
    Parent parent = Parent.connect();
    CrashLog log = new CrashLog(Path.of(args[1]));
    int worker = Integer.parseInt(args[2]);
    SplittableRandom seeds = new SplittableRandom(Seeds.inherited());
    try {
      PageBook book =
          PageBook.open(Path.of(args[0]), BookOptions.DEFAULT.withLockTimeout(PATIENCE));
      Setup setup = new Setup(parent, book, log, worker, Boolean.parseBoolean(args[3]));
      // in every other process threads of one JVM meet, too
      Thread[] threads = new Thread[1 + worker % CrashLog.THREADS];
      for (int i = 0; i < threads.length; i++) {
        CrashWorker self = new CrashWorker(setup, i, seeds.split());
        threads[i] = new Thread(self::run, "worker " + worker + "." + i);
        threads[i].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      book.close();
      parent.say("stopped");
      System.exit(0);
    } catch (RuntimeException | Error | InterruptedException e) {
      fail(parent, e);
    }
  }

  private static void fail(Parent parent, Throwable e) {
    e.printStackTrace();
    parent.say(VIOLATION + e);
    Runtime.getRuntime().halt(1);
  }

  private void run() {
    try {
      log.add(worker, thread, CrashLog.Counter.STARTS, 1);
      takeOver();
      parent.say("working");
      while (!parent.hasSpoken()) {
        step();
      }
    } catch (RuntimeException | Error e) {
      fail(parent, e);
    }
  }

  /** What the dead predecessor left is what it finished, or what it had begun. */
  private void takeOver() {
    for (int i = 0; i < CrashLog.OWNED_KEYS; i++) {
      int index = CrashLog.index(worker, thread, i);
      readOwned(index);
      next[i] = log.begun(index) + 1;
    }
  }

  private void step() {
    int dice = random.nextInt(100_000);
    if (dice < 30_000) {
      writeOwned(random.nextInt(CrashLog.OWNED_KEYS));
    } else if (dice < 50_000) {
      readOwned(random.nextInt(CrashLog.allOwned()));
    } else if (dice < 65_000) {
      int key = random.nextInt(SHARED_KEYS);
      byte[] value = new CheckedValue(key, writer(), sharedSequence++, length()).encode();
      timed("put of a shared key", () -> book.putBytes(key, value));
      count(CrashLog.Counter.WRITES);
    } else if (dice < 70_000) {
      int key = LASTING_KEYS + random.nextInt(SHARED_KEYS - LASTING_KEYS);
      timed("remove of a shared key", () -> book.remove(key));
      count(CrashLog.Counter.WRITES);
    } else if (dice < 99_900) {
      readShared(random.nextInt(SHARED_KEYS));
    } else {
      enumerate();
    }
    steps++;
    if (everything && steps % STEPS_PER_BOOK_LOCK == 0) {
      lockTheBook(random.nextBoolean());
    }
    if (everything && steps % STEPS_PER_VACUUM == 0) {
      book.vacuum();
      count(CrashLog.Counter.VACUUMS);
    }
  }

  private int writer() {
    return worker * CrashLog.THREADS + thread;
  }

  private void writeOwned(int i) {
    int index = CrashLog.index(worker, thread, i);
    int id = CrashLog.id(index);
    long number = next[i]++;
    byte[] value = new CheckedValue(id, writer(), number, length()).encode();
    log.begin(index, number);
    if (CrashLog.removes(index, number)) {
      timed("remove of an own key", () -> book.remove(id));
    } else {
      timed("put of an own key", () -> book.putBytes(id, value));
    }
    log.finish(index, number);
    count(CrashLog.Counter.WRITES);
    if (random.nextInt(4) == 0) {
      readOwned(index);
    }
  }

  private void readOwned(int index) {
    int id = CrashLog.id(index);
    long floor = log.finished(index);
    byte[][] bytes = new byte[1][];
    timed("get of an owned key", () -> bytes[0] = book.getBytes(id));
    long ceiling = log.begun(index);
    long sequence = bytes[0] == null ? -1 : CheckedValue.decode(id, bytes[0]).sequence();
    if (sequence >= 0 || !evicts) {
      CrashLog.check(index, floor, ceiling, sequence);
    }
    if (sequence >= 0) {
      if (sequence < seen[index]) {
        throw new AssertionError(
            "a value went back in time: id=" + id + ", seen=" + seen[index] + ", now=" + sequence);
      }
      seen[index] = sequence;
    }
    count(CrashLog.Counter.READS);
  }

  private void readShared(int key) {
    boolean[] found = new boolean[1];
    switch (random.nextInt(6)) {
      case 0 -> timed("contains", () -> found[0] = book.contains(key));
      case 1 -> timed("view", () -> found[0] = book.view(key, slice -> {}));
      case 2 -> {
        scratch.clear();
        timed("read", () -> found[0] = book.read(key, scratch) >= 0);
      }
      default -> {
        byte[][] bytes = new byte[1][];
        timed("get of a shared key", () -> bytes[0] = book.getBytes(key));
        found[0] = bytes[0] != null;
        if (found[0]) {
          CheckedValue.decode(key, bytes[0]);
        }
      }
    }
    if (!found[0] && key < LASTING_KEYS && !evicts) {
      throw new AssertionError("a key that is never removed was missed: key=" + key);
    }
    count(CrashLog.Counter.READS);
  }

  private void enumerate() {
    Set<Integer> lasting = new HashSet<>();
    for (PrimitiveIterator.OfInt ids = book.ids(); ids.hasNext(); ) {
      int id = ids.nextInt();
      if (id >= 0 && id < LASTING_KEYS && !lasting.add(id)) {
        throw new AssertionError("a key was enumerated twice: key=" + id);
      }
    }
    if (lasting.size() != LASTING_KEYS && !evicts) {
      throw new AssertionError("a key was missing in an enumeration: found=" + lasting);
    }
  }

  private void lockTheBook(boolean writing) {
    try (PageBook.BookLock lock =
        writing ? book.lockForWriting(PATIENCE) : book.lockForReading(PATIENCE)) {
      if (writing) {
        writeOwned(random.nextInt(CrashLog.OWNED_KEYS));
        writeOwned(random.nextInt(CrashLog.OWNED_KEYS));
      }
      readShared(random.nextInt(SHARED_KEYS));
    }
    count(CrashLog.Counter.BOOK_LOCKS);
  }

  private void timed(String what, Runnable operation) {
    long start = System.nanoTime();
    try {
      operation.run();
    } catch (BookException e) {
      throw new AssertionError("a " + what + " failed: " + e, e);
    }
    long nanos = System.nanoTime() - start;
    if (nanos > STALL_NANOS) {
      log.raise(worker, thread, CrashLog.Counter.LONGEST_STALL_NANOS, nanos);
      count(CrashLog.Counter.STALLS_OVER_100_MS);
      parent.say(STALL + nanos / 1_000_000 + " ms in a " + what);
    }
  }

  private void count(CrashLog.Counter counter) {
    log.add(worker, thread, counter, 1);
  }

  private int length() {
    int dice = random.nextInt(1000);
    if (dice < 600) {
      return CheckedValue.MIN_LENGTH + random.nextInt(500);
    }
    if (dice < 990) {
      return CheckedValue.MIN_LENGTH + random.nextInt(30_000);
    }
    return 60_000 + random.nextInt(1_000_000);
  }
}
