package io.pagebook.stress.history;

import io.pagebook.book.PageBook;
import io.pagebook.testing.Parent;
import io.pagebook.testing.Seeds;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import javax.cache.Cache;
import javax.cache.Caching;
import org.jspecify.annotations.Nullable;

/**
 * A process of {@link HistoryIT}: two threads that call all operations of a cache on few keys and
 * write down what they see, until it is told to stop. Arguments: the manager's URI, the directory
 * of the logs, the number of the process, the moment from which keys are counted, whether to
 * vacuum.
 */
final class HistoryWorker {
  static final String CACHE = "history";
  static final String VIOLATION = "VIOLATION ";

  /** What a thread says that has done {@link #WARM} operations. */
  static final String WORKING = "working";

  static final int THREADS = 2;

  /** Keys that are in use at the same time. */
  static final int KEYS = 4;

  /**
   * After so long come new keys: one key's history stays short, and few of its operations were cut
   * off.
   */
  static final long EPOCH_NANOS = 250_000_000;

  private static final int WARM = 200;
  private static final int NUMBER_BITS = 40;
  private static final long LONGEST_THOUGHT_NANOS = 100_000;

  /**
   * One operation in so many is followed by a thought: a kill shall meet threads that are at work.
   */
  private static final int THOUGHT_SHARE = 4;

  private static final long VACUUM_NANOS = 150_000_000;

  private final Cache<Integer, String> cache;
  private final HistoryLog log;
  private final SplittableRandom random;
  private final long start;
  private final long firstNumber;
  private long numbers;
  private long lastSeen = 1;

  private HistoryWorker(
      Cache<Integer, String> cache,
      HistoryLog log,
      SplittableRandom random,
      long start,
      long client) {
    this.cache = cache;
    this.log = log;
    this.random = random;
    this.start = start;
    this.firstNumber = (client + 1) << NUMBER_BITS;
  }

  public static void main(String[] args) throws IOException {
    Parent parent = Parent.connect();
    Path logs = Path.of(args[1]);
    int process = Integer.parseInt(args[2]);
    long start = Long.parseLong(args[3]);
    boolean vacuums = Boolean.parseBoolean(args[4]);
    SplittableRandom seeds = new SplittableRandom(Seeds.inherited());
    try {
      Cache<Integer, String> cache = cache(URI.create(args[0]));
      Thread[] threads = new Thread[THREADS + (vacuums ? 1 : 0)];
      for (int i = 0; i < THREADS; i++) {
        int client = process * THREADS + i;
        HistoryWorker worker =
            new HistoryWorker(
                cache, new HistoryLog(logs.resolve(client + ".log")), seeds.split(), start, client);
        threads[i] = new Thread(() -> worker.run(parent), "client " + client);
      }
      if (vacuums) {
        threads[THREADS] = new Thread(() -> vacuum(cache, parent), "vacuumer");
      }
      for (Thread thread : threads) {
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      cache.getCacheManager().close();
      parent.say("stopped");
      System.exit(0);
    } catch (RuntimeException | Error | InterruptedException e) {
      fail(parent, e);
    }
  }

  /** The cache that the document at {@code manager} describes. */
  static Cache<Integer, String> cache(URI manager) {
    return Caching.getCachingProvider()
        .getCacheManager(manager, null)
        .getCache(CACHE, Integer.class, String.class);
  }

  /** The keys that are in use at a moment. */
  static int firstKey(long nanosSinceStart) {
    return (int) (nanosSinceStart / EPOCH_NANOS) * KEYS;
  }

  private static void fail(Parent parent, Throwable e) {
    e.printStackTrace();
    parent.say(VIOLATION + e);
    Runtime.getRuntime().halt(1);
  }

  private static void vacuum(Cache<Integer, String> cache, Parent parent) {
    try {
      PageBook book = cache.unwrap(PageBook.class);
      while (!parent.hasSpoken()) {
        book.vacuum();
        parent.say("vacuumed");
        LockSupport.parkNanos(VACUUM_NANOS);
      }
    } catch (RuntimeException | Error e) {
      fail(parent, e);
    }
  }

  private void run(Parent parent) {
    try {
      while (!parent.hasSpoken() && !log.isFull()) {
        step();
        if (numbers == WARM) {
          parent.say(WORKING);
        }
        if (random.nextInt(THOUGHT_SHARE) == 0) {
          LockSupport.parkNanos(random.nextLong(LONGEST_THOUGHT_NANOS));
        }
      }
    } catch (RuntimeException | Error e) {
      fail(parent, e);
    }
  }

  private void step() {
    int key = firstKey(System.nanoTime() - start) + random.nextInt(KEYS);
    Kind kind = random.nextInt(3) == 0 ? Kind.GET : Kind.any(random);
    long number = firstNumber + ++numbers;
    long expected = lastSeen;
    String text = HistoryValue.text(number, key);
    String expectedText = HistoryValue.text(expected, key);
    log.begin(kind, key, number, expected);
    long result = call(kind, key, text, expectedText);
    log.end(result);
  }

  private long call(Kind kind, int key, String text, String expectedText) {
    return switch (kind) {
      case GET -> seen(cache.get(key), key);
      case CONTAINS -> number(cache.containsKey(key));
      case PUT -> {
        cache.put(key, text);
        yield 0;
      }
      case PUT_IF_ABSENT -> number(cache.putIfAbsent(key, text));
      case GET_AND_PUT -> seen(cache.getAndPut(key, text), key);
      case REPLACE -> number(cache.replace(key, text));
      case REPLACE_IF -> number(cache.replace(key, expectedText, text));
      case GET_AND_REPLACE -> seen(cache.getAndReplace(key, text), key);
      case REMOVE -> number(cache.remove(key));
      case REMOVE_IF -> number(cache.remove(key, expectedText));
      case GET_AND_REMOVE -> seen(cache.getAndRemove(key), key);
      case PROCESS ->
          seen(
              cache.invoke(
                  key,
                  (entry, arguments) -> {
                    String before = entry.getValue();
                    entry.setValue(text);
                    return before;
                  }),
              key);
    };
  }

  private static long number(boolean answer) {
    return answer ? 1 : 0;
  }

  private long seen(@Nullable String text, int key) {
    long number = HistoryValue.number(text, key);
    if (number > 0) {
      lastSeen = number;
    }
    return number;
  }
}
