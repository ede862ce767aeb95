package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.List;
import org.junit.jupiter.api.Test;
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
    },
    DELETES_THE_DIRECTORY("deleted or replaced") {
      @Override
      void to(Path file) throws IOException {
        deleteTree(file.getParent());
      }
    };

    final String said;

    Deed(String said) {
      this.said = said;
    }

    abstract void to(Path file) throws IOException;

    /** With all that is in it, the side file included, as a shell does it. */
    static void deleteTree(Path directory) throws IOException {
      Process rm = new ProcessBuilder("rm", "-rf", directory.toString()).inheritIO().start();
      assertThat(rm.onExit().join().exitValue()).isZero();
      assertThat(directory).doesNotExist();
    }

    private static void cut(Path file, long length) throws IOException {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(length);
      }
    }
  }

  /** What happens before the next look, and what comes afterwards, to all kinds of operations. */
  @Test
  void deletedDirectoryIsNamed() throws IOException {
    Path directory = Files.createDirectory(books.directory().resolve("in"));
    Path file = directory.resolve("a.book");
    PageBook book = books.closing(PageBook.open(file));
    Inside.withoutHousekeeper(book);
    book.putString(1, "before");
    Deed.deleteTree(directory);
    assertThatThrownBy(book::vacuum)
        .isInstanceOf(BookException.Refused.class)
        .hasMessageContaining("the vacuum failed and changed nothing: file=" + file);
    assertThatThrownBy(() -> PageBook.open(file))
        .isInstanceOf(BookException.Refused.class)
        .hasMessageContaining("the directory does not exist: directory=" + directory);
    assertThat(book.getString(1)).isEqualTo("before");
    book.putString(1, "into a file without a name");
    book.openBook().watch();
    for (Workers.Task task :
        List.<Workers.Task>of(
            () -> book.getString(1),
            () -> book.putString(1, "after"),
            () -> book.remove(1),
            book::vacuum,
            book::count,
            () -> book.lockForWriting(Duration.ofSeconds(1)))) {
      assertThatThrownBy(task::run)
          .isInstanceOf(BookException.Closed.class)
          .hasMessageContaining("somebody deleted or replaced the book while it was in use")
          .hasMessageContaining("file=" + file)
          .hasMessageContaining("; close it");
    }
    book.close();
    Files.createDirectory(directory);
    try (PageBook anew = PageBook.open(file)) {
      assertThat(anew.created()).isTrue();
      assertThat(anew.getString(1)).isNull();
      anew.putString(1, "anew");
      assertThat(anew.getString(1)).isEqualTo("anew");
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
