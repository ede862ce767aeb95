package io.pagebook.stress.vacuum;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.BookChecker;
import io.pagebook.book.BookOptions;
import io.pagebook.book.PageBook;
import io.pagebook.stress.Stress;
import io.pagebook.stress.step.Stepper;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Seeds;
import io.pagebook.testing.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A process dies at each step of its vacuum: before each line, each volatile store, truncation and
 * growth, and before a sample of the other stores. Whoever comes later finds the book whole;
 * whoever has it open goes on.
 */
@Timeout(value = 7200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class VacuumDeathIT {
  private static final int KEYS = Stress.choose(40, 400);
  private static final int KEPT = 4;
  private static final int LEAST_STEPS = 60;

  /** Deaths of real processes, spread over the steps. */
  private static final int REAL_DEATHS = Stress.choose(2, 400);

  /** Of so many steps one is looked at as an image; each costs half a second. */
  private static final int STEPS_PER_IMAGE = Stress.choose(8, 1);

  /** What a vacuum of these tests has; a death beyond the last step is one at that. */
  private static final int USUAL_STEPS = 180;

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final long STALL_GOAL_MS = 100;
  private static final int LONGEST_STALL_MS = 20_000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inSharedMemory();

  private static CheckedValue value(int key, long sequence) {
    return new CheckedValue(key, 0, sequence, key % 50 == 0 ? 40_000 : 200 + key * 7);
  }

  private PageBook fillAndThin(String name) {
    // a process that stands still is waited for, and stepping takes its time
    PageBook book = books.open(name, BookOptions.DEFAULT.withLockTimeout(PATIENCE));
    for (int key = 0; key < KEYS; key++) {
      book.putBytes(key, value(key, 0).encode());
    }
    for (int key = 0; key < KEYS; key++) {
      if (key % KEPT != 0) {
        book.remove(key);
      }
    }
    return book;
  }

  private ChildJvm victim(Path book) {
    return ChildJvm.of(VacuumVictim.class).jvmOption(Stepper.OPTION).arguments(book).start();
  }

  /** Every step, in the short form one of eight, as an image of what the dead process left. */
  @Test
  void everyStepLeavesAWholeBook() throws Exception {
    int first = new Random(Seeds.seed("everyStepLeavesAWholeBook")).nextInt(STEPS_PER_IMAGE);
    int images = 0;
    fillAndThin("a.book").close();
    List<String> steps = new ArrayList<>();
    try (ChildJvm child = victim(books.file("a.book"));
        Stepper stepper = new Stepper(child)) {
      child.awaitLine("ready");
      stepper.begin(VacuumVictim.STEPS);
      child.send("go");
      for (var step = stepper.next(); step.isPresent(); step = stepper.next()) {
        steps.add(step.get());
        if (steps.size() % STEPS_PER_IMAGE != first) {
          continue;
        }
        images++;
        Path image = Files.createTempDirectory(books.directory().getParent(), "pagebook-dead-");
        try {
          DeadImage.copy(books.directory(), image, child.pid());
          verifyImage(image, step.get());
        } finally {
          deleteAll(image);
        }
      }
    }
    System.out.println("steps of a vacuum: " + steps);
    Summary.line(
        "deaths of a vacuum, images: at %d of %d steps, each recovered, 0 lost",
        images, steps.size());
    assertThat(steps).hasSizeGreaterThan(LEAST_STEPS);
    assertThat(steps).anyMatch(step -> step.startsWith("Vacuum.rename"));
  }

  private static void verifyImage(Path image, String step) throws IOException {
    Path file = image.resolve("a.book");
    try (PageBook book = PageBook.open(file)) {
      verify(book, step);
      book.putBytes(-7, value(-7, 1).encode());
      assertThat(book.remove(-7)).as(step).isTrue();
      book.vacuum();
      verify(book, step);
      assertThat(BookChecker.check(file).violations()).as(step).isEmpty();
    }
    try (Stream<Path> files = Files.list(image)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .as("what is left after %s", step)
          .containsExactlyInAnyOrder("a.book", ".pagebook.locks");
    }
  }

  private static void verify(PageBook book, String step) {
    for (int key = 0; key < KEYS; key++) {
      byte[] bytes = book.getBytes(key);
      if (key % KEPT == 0) {
        assertThat(bytes).as("key %s after %s", key, step).isNotNull();
        CheckedValue.decode(key, bytes);
      } else {
        assertThat(bytes).as("key %s after %s", key, step).isNull();
      }
    }
    assertThat(book.count()).as(step).isEqualTo(KEYS / KEPT);
  }

  private static void deleteAll(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> files = Files.list(directory)) {
      paths = files.toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
    Files.delete(directory);
  }

  /**
   * The copy that the dead one had begun, and the old file's second name, go without another
   * vacuum.
   */
  @Test
  void whatTheDeadOneLeftIsSwept() throws Exception {
    PageBook book = fillAndThin("a.book");
    // in the middle of the copy; with the copy complete; with the new file serving
    for (String method : List.of("BookCopier.raise", "Vacuum.finish", "Vacuum.old")) {
      List<String> left;
      try (ChildJvm child = victim(book.file());
          Stepper stepper = new Stepper(child)) {
        child.awaitLine("ready");
        stepper.begin(VacuumVictim.STEPS);
        child.send("go");
        var step = stepper.next();
        while (!step.orElseThrow().startsWith(method) || files().size() == 2) {
          step = stepper.next();
        }
        left = files();
        child.kill();
      }
      assertThat(left).hasSizeGreaterThan(2);
      Awaitility.await("what is left of " + left)
          .atMost(ChildJvm.PATIENCE)
          .untilAsserted(
              () -> assertThat(files()).containsExactlyInAnyOrder("a.book", ".pagebook.locks"));
      verify(book, "death in " + method);
      fillAgain(book);
    }
  }

  /** So that the next vacuum has something to win. */
  private static void fillAgain(PageBook book) {
    for (int key = KEYS; key < 2 * KEYS; key++) {
      book.putBytes(key, value(key, 0).encode());
    }
    for (int key = KEYS; key < 2 * KEYS; key++) {
      book.remove(key);
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(books.directory())) {
      return files.map(path -> path.getFileName().toString()).toList();
    }
  }

  /** A sample of the steps, by SIGKILL, while others read and write. */
  @Test
  void survivorsGoOn() throws Exception {
    long seed = Seeds.seed("survivorsGoOn");
    PageBook book = fillAndThin("a.book");
    int steps = Stress.IS_LONG ? countSteps() : USUAL_STEPS;
    List<Integer> deaths = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      deaths.add(step);
    }
    Collections.shuffle(deaths, new Random(seed));
    deaths = deaths.subList(0, Math.min(REAL_DEATHS, steps));
    long longest = 0;
    int over = 0;
    try (Survivors survivors = new Survivors(book, KEYS, KEPT)) {
      for (int death : deaths) {
        survivors.beforeDeath();
        String step = kill(book, death);
        long stallMs = survivors.awaitProgress(System.nanoTime(), LONGEST_STALL_MS);
        longest = Math.max(longest, stallMs);
        over += stallMs > STALL_GOAL_MS ? 1 : 0;
        System.out.println("death at " + step + ": survivors went on after " + stallMs + " ms");
      }
    }
    Summary.line(
        "deaths of a vacuum, real: %d kills (%d so far) at %d steps, 0 lost; survivors went on after %d ms at most, %d"
            + " times after more than %d ms",
        deaths.size(), Summary.kills(deaths.size()), steps, longest, over, STALL_GOAL_MS);
    assertThat(book.count()).isEqualTo(KEYS / KEPT);
  }

  private int countSteps() throws Exception {
    fillAndThin("count.book").close();
    int steps = 0;
    try (ChildJvm child = victim(books.file("count.book"));
        Stepper stepper = new Stepper(child)) {
      child.awaitLine("ready");
      stepper.begin(VacuumVictim.STEPS);
      child.send("go");
      while (stepper.next().isPresent()) {
        steps++;
      }
    }
    return steps;
  }

  /** Kills a vacuuming process before its {@code death}-th step; the last one it has, if fewer. */
  private String kill(PageBook book, int death) throws Exception {
    String at = "its end";
    try (ChildJvm child = victim(book.file());
        Stepper stepper = new Stepper(child)) {
      child.awaitLine("ready");
      stepper.begin(VacuumVictim.STEPS);
      child.send("go");
      for (int step = 0; step <= death; step++) {
        var next = stepper.next();
        if (next.isEmpty()) {
          break;
        }
        at = next.get();
      }
      child.kill();
    }
    return at;
  }
}
