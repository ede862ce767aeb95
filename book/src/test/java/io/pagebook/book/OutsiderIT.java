package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Seeds;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Somebody who is no participant cuts, deletes or replaces a book that a JVM is at work on: every
 * thread of it ends in an error that says so, and the JVM lives.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OutsiderIT {
  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  /** What an outsider does, and what the book then says. */
  enum Deed {
    CUTS_ALL("truncated") {
      @Override
      void to(Path file) throws IOException {
        cut(file, 0);
      }
    },
    CUTS_HALF("truncated") {
      @Override
      void to(Path file) throws IOException {
        cut(file, Files.size(file) / 2);
      }
    },
    DELETES("deleted or replaced") {
      @Override
      void to(Path file) throws IOException {
        Files.delete(file);
      }
    },
    REPLACES("deleted or replaced") {
      @Override
      void to(Path file) throws IOException {
        Path other = Files.copy(file, file.resolveSibling("other"));
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
      }
    },
    MOVES_THE_DIRECTORY("deleted or replaced") {
      @Override
      void to(Path file) throws IOException {
        Path directory = file.getParent();
        Files.move(directory, directory.resolveSibling("moved"));
      }
    };

    final String said;

    Deed(String said) {
      this.said = said;
    }

    abstract void to(Path file) throws IOException;

    private static void cut(Path file, long length) throws IOException {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(length);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Deed.class)
  void isNoticed(Deed deed) throws IOException {
    Path file = Files.createDirectory(books.directory().resolve("in")).resolve("a.book");
    ChildJvm child =
        books.closing(
            ChildJvm.of(OutsiderWorker.class)
                .seed(Seeds.seed("OutsiderIT " + deed))
                .arguments(file)
                .start());
    for (int thread = 0; thread < 3; thread++) {
      child.awaitLine("working");
    }
    long start = System.nanoTime();
    deed.to(file);
    for (int thread = 0; thread < 3; thread++) {
      String[] fields = child.awaitLine("ended").split("\t", -1);
      System.out.println(
          deed
              + ": "
              + fields[1]
              + " ended after "
              + Duration.ofNanos(System.nanoTime() - start).toMillis()
              + " ms by "
              + fields[3]
              + ", had met "
              + fields[2]);
      assertThat(fields[3]).contains(deed.said, file.toString(), "; close it");
      assertThat(fields[2]).as("torn values, or other people's").doesNotContain("torn");
    }
    System.out.println(deed + ": " + child.awaitLine("closing"));
    assertThat(child.awaitEnd(ChildJvm.PATIENCE)).as("exit code").isZero();
    if (!child.stderrLines().isEmpty()) {
      System.out.println(
          deed
              + ": lines on standard error "
              + child.stderrLines().size()
              + ", first "
              + child.stderrLines().subList(0, Math.min(4, child.stderrLines().size())));
    }
  }
}
