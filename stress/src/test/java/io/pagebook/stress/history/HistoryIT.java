package io.pagebook.stress.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.BookChecker;
import io.pagebook.book.PageBook;
import io.pagebook.stress.Stress;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Seeds;
import io.pagebook.testing.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.cache.Cache;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several JVMs call all operations of one cache on few keys, are killed and replaced, while one of
 * them vacuums; afterwards each key's operations must have a legal order.
 */
@Timeout(value = 7200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HistoryIT {
  private static final int PROCESSES = 3;
  private static final int VACUUMING = 0;
  private static final int MIN_PAUSE_MS = 100;
  private static final int MAX_PAUSE_MS = 400;

  /** After so many the logs are read and checked, and everything begins anew. */
  private static final int KILLS_PER_ROUND = 8;

  private static final int ROUNDS = Stress.choose(1, 60);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory;
  private final BlockingQueue<String> violations = new LinkedBlockingQueue<>();
  private final AtomicInteger vacuums = new AtomicInteger();
  private final ChildJvm[] workers = new ChildJvm[PROCESSES];
  private final int[] numbers = new int[PROCESSES];
  private final SplittableRandom random = Seeds.random("HistoryIT");
  private Path home;
  private boolean near;
  private long start;
  private int started;
  private int kills;
  private long operations;
  private long cutOff;
  private long keys;

  /**
   * @param nearCaches whether every process reads through a near-cache
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyKeysHistoryHasALegalOrder(boolean nearCaches) throws IOException, InterruptedException {
    near = nearCaches;
    for (int round = 0; round < ROUNDS; round++) {
      round(round);
    }
    Summary.line(
        "history check: %d operations on %d keys by %d processes at a time, %d kills (%d so far), %d cut off,"
            + " %d vacuums, near-caches %s: all linearizable per key",
        operations,
        keys,
        PROCESSES,
        kills,
        Summary.kills(kills),
        cutOff,
        vacuums.get(),
        near ? "on" : "off");
    assertThat(operations).isGreaterThan(100L * kills);
    assertThat(cutOff).isPositive();
  }

  private void round(int round) throws IOException, InterruptedException {
    home = Files.createDirectory(directory.resolve("round" + round));
    Path document = document();
    start = System.nanoTime();
    int first = started;
    List<Operation> history = new ArrayList<>();
    try (Cache<Integer, String> cache = HistoryWorker.cache(document.toUri())) {
      try {
        for (int i = 0; i < PROCESSES; i++) {
          start(i);
        }
        kill();
        stopAll();
      } finally {
        for (ChildJvm worker : workers) {
          if (worker != null) {
            worker.close();
          }
        }
      }
      for (int process = first; process < started; process++) {
        history.addAll(operationsOf(process));
      }
      readAll(cache, history);
      assertThat(BookChecker.check(cache.unwrap(PageBook.class).file()).violations()).isEmpty();
      cache.getCacheManager().close();
    }
    check(history);
  }

  private Path document() throws IOException {
    return Files.writeString(
        home.resolve("caches.xml"),
        String.format(
            Locale.ROOT,
            """
        <pagebook xmlns="urn:pagebook:config:1">
          <directory path="%s"/>
          <cache name="%s" key-type="java.lang.Integer" value-type="java.lang.String">
            %s
          </cache>
        </pagebook>
        """,
            home.resolve("cache"),
            HistoryWorker.CACHE,
            near ? "<near-cache max-entries=\"1000\"/>" : ""));
  }

  private void start(int place) {
    numbers[place] = started++;
    workers[place] =
        ChildJvm.of(HistoryWorker.class)
            .seed(random.nextLong())
            .arguments(
                home.resolve("caches.xml").toUri(), home, numbers[place], start, place == VACUUMING)
            .listener(
                line -> {
                  if (line.startsWith(HistoryWorker.VIOLATION)) {
                    violations.add(line);
                  } else if (line.equals("vacuumed")) {
                    vacuums.incrementAndGet();
                  }
                })
            .start();
  }

  /** What a process has written down. */
  private List<Operation> operationsOf(int process) throws IOException {
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < HistoryWorker.THREADS; i++) {
      int client = process * HistoryWorker.THREADS + i;
      Path log = home.resolve(client + ".log");
      if (Files.exists(log)) {
        new HistoryLog(log).readInto(operations, client);
      }
    }
    return operations;
  }

  /** Until enough were killed, one of them at least in the middle of an operation. */
  private void kill() throws IOException, InterruptedException {
    long cutOffBefore = cutOff;
    int enough = kills + KILLS_PER_ROUND;
    int enoughVacuums = vacuums.get() + 1;
    while (kills < enough || vacuums.get() < enoughVacuums || cutOff == cutOffBefore) {
      int pauseMs = random.nextInt(MIN_PAUSE_MS, MAX_PAUSE_MS + 1);
      failOn(violations.poll(pauseMs, TimeUnit.MILLISECONDS));
      int victim = random.nextInt(PROCESSES);
      // the one that vacuums is left alone for longer
      victim = victim == VACUUMING ? random.nextInt(PROCESSES) : victim;
      if (workers[victim].stdoutLines().contains(HistoryWorker.WORKING)) {
        workers[victim].kill();
        failOn(violations.poll());
        kills++;
        cutOff += operationsOf(numbers[victim]).stream().filter(Operation::isPending).count();
        start(victim);
      }
    }
  }

  private void stopAll() {
    for (ChildJvm worker : workers) {
      worker.send("stop");
    }
    for (ChildJvm worker : workers) {
      int code = worker.awaitEnd(PATIENCE);
      failOn(violations.poll());
      assertThat(code).as("exit code of %s", worker.transcript()).isZero();
    }
  }

  private void failOn(String violation) {
    if (violation != null) {
      StringBuilder text = new StringBuilder(violation);
      for (ChildJvm worker : workers) {
        text.append('\n').append(worker.transcript());
      }
      throw new AssertionError(text.toString());
    }
  }

  /** What is there in the end is part of the history. */
  private void readAll(Cache<Integer, String> cache, List<Operation> history) {
    for (int key : history.stream().mapToInt(Operation::key).distinct().toArray()) {
      long begin = System.nanoTime();
      long number = HistoryValue.number(cache.get(key), key);
      history.add(
          new Operation(-1, Kind.GET, key, 0, Kind.ABSENT, number, begin, System.nanoTime()));
    }
  }

  private void check(List<Operation> history) {
    Map<Integer, List<Operation>> byKey =
        history.stream().collect(Collectors.groupingBy(Operation::key));
    for (List<Operation> ofKey : byKey.values()) {
      assertThat(Linearizability.violation(ofKey)).isEmpty();
    }
    operations += history.size();
    keys += byKey.size();
  }
}
