package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pagebook.testing.CheckedBooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A book can be opened and closed for ever: nothing is left of it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OpenCloseTest {
  private static final int WARM_UP = 20;
  private static final int CYCLES = 1000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  @BeforeEach
  void needProc() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "no /proc on this machine to count in");
  }

  private static long descriptors() {
    try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
      return entries.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream().filter(Thread::isAlive).count();
  }

  private long mappings() {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.contains(books.directory().toString())).count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void cycle(int i) {
    try (PageBook book = PageBook.open(books.file("a.book"))) {
      book.putString(i % 100, "cycle " + i);
      assertThat(book.getString(i % 100)).isEqualTo("cycle " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void thousandCyclesLeaveNothing(boolean heldOpen) {
    if (heldOpen) {
      books.open("a.book");
    }
    for (int i = 0; i < WARM_UP; i++) {
      cycle(i);
    }
    long descriptors = descriptors();
    long threads = threads();
    long start = System.nanoTime();
    for (int i = 0; i < CYCLES; i++) {
      cycle(i);
    }
    System.out.println(
        "open, put, get, close: " + (System.nanoTime() - start) / CYCLES / 1000 + " us a cycle");
    await("file descriptors")
        .untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 2));
    await("threads").untilAsserted(() -> assertThat(threads()).isLessThanOrEqualTo(threads + 2));
    long expected = heldOpen ? 4 : 0;
    await("mappings")
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(mappings()).isLessThanOrEqualTo(expected);
            });
  }

  private static org.awaitility.core.ConditionFactory await(String what) {
    return Awaitility.await(what)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50));
  }
}
