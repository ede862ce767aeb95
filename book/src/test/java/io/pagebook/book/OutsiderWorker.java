package io.pagebook.book;

import io.pagebook.book.memory.PageMemory;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.Parent;
import io.pagebook.testing.Seeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A child of {@link OutsiderIT}: two readers and a writer at work on a book until each has met a
 * typed error, which it says with what it had met before.
 */
final class OutsiderWorker {
  static final int KEYS = 2000;
  static final int VALUE_BYTES = 3000;
  private static final int ROUNDS_BEFORE_WORKING = 5_000;

  private final Parent parent = Parent.connect();

  private OutsiderWorker() {}

  public static void main(String[] args) throws InterruptedException {
    new OutsiderWorker().run(Path.of(args[0]), Seeds.inherited());
  }

  private void run(Path file, long seed) throws InterruptedException {
    PageBook book = PageBook.open(file, BookOptions.DEFAULT.withLockTimeout(Duration.ofSeconds(2)));
    for (int key = 0; key < KEYS; key++) {
      book.putBytes(key, new CheckedValue(key, 1, 1, VALUE_BYTES).encode());
    }
    Thread[] threads = {
      worker("reader 1", book, seed, false),
      worker("reader 2", book, seed + 1, false),
      worker("writer", book, seed + 2, true)
    };
    for (Thread thread : threads) {
      thread.join();
    }
    long start = System.nanoTime();
    String closing;
    try {
      book.close();
      closing = "closed";
    } catch (RuntimeException | InternalError e) {
      closing = e.toString();
    }
    parent.say("closing took " + (System.nanoTime() - start) / 1_000_000 + " ms: " + closing);
    System.exit(0);
  }

  private Thread worker(String name, PageBook book, long seed, boolean writes) {
    Thread thread = new Thread(() -> work(name, book, new SplittableRandom(seed), writes), name);
    thread.start();
    return thread;
  }

  private void work(String name, PageBook book, SplittableRandom random, boolean writes) {
    Map<String, Integer> met = new TreeMap<>();
    boolean ended = false;
    for (long round = 1; !ended; round++) {
      try {
        ended = step(name, book, random, writes, round, met);
      } catch (InternalError e) {
        met.merge("in a handler: " + e, 1, Integer::sum);
      }
      awaitLateErrors(met);
    }
  }

  /** Java 17 throws some errors later than where they belong: not outside of what we measure. */
  private static void awaitLateErrors(Map<String, Integer> met) {
    boolean none = false;
    while (!none) {
      try {
        PageMemory.throwLateError();
        none = true;
      } catch (InternalError e) {
        met.merge("late: " + e, 1, Integer::sum);
      }
    }
  }

  /** One round; true if it met the typed error that ends the work, and has said so. */
  private boolean step(
      String name,
      PageBook book,
      SplittableRandom random,
      boolean writes,
      long round,
      Map<String, Integer> met) {
    if (round == ROUNDS_BEFORE_WORKING) {
      parent.say("working");
    }
    int key = random.nextInt(KEYS);
    try {
      if (writes && round % 4 == 0) {
        book.putBytes(key, new CheckedValue(key, 2, round, VALUE_BYTES).encode());
      }
      byte[] bytes = book.getBytes(key);
      if (bytes == null) {
        met.merge("miss", 1, Integer::sum);
      } else {
        CheckedValue.decode(key, bytes);
      }
    } catch (BookException.Closed | BookException.Corrupt e) {
      if (e.getMessage().contains("somebody")) {
        parent.say("ended\t" + name + "\t" + met + "\t" + e);
        return true;
      }
      met.merge(e.toString(), 1, Integer::sum);
    } catch (RuntimeException | InternalError | AssertionError e) {
      String what = String.valueOf(e);
      met.merge(what.replaceAll("[0-9]+", "N"), 1, Integer::sum);
    }
    return false;
  }
}
