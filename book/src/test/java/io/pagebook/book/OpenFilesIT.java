package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A process that may open no more files: it is told so by a type, and what it has open works. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OpenFilesIT {
  private static final int MOST = 160;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  /** The process with the limit. */
  static final class Opener {
    private Opener() {}

    /** Opens books in the directory until it is refused. */
    public static void main(String[] args) throws Exception {
      Parent parent = Parent.connect();
      Path directory = Path.of(args[0]);
      loadClasses();
      attempt(directory.resolve("none").resolve("a.book"), new ArrayList<>());
      PageBook first = PageBook.open(directory.resolve("first.book"));
      use(first, 0);
      first.vacuum();
      first.lockForWriting(java.time.Duration.ofSeconds(1)).close();
      PageBook.open(directory.resolve("first.book")).close();
      List<PageBook> open = new ArrayList<>();
      String refusal = "";
      for (int i = 0; refusal.isEmpty(); i++) {
        refusal = attempt(directory.resolve(i % 2 == 0 ? "first.book" : "b" + i), open);
      }
      parent.say("refused\t" + open.size() + "\t" + refusal);
      for (int round = 1; round < 4; round++) {
        use(first, round);
        Thread.currentThread().interrupt();
        use(first, round + 10);
        parent.say("used\t" + Thread.interrupted());
      }
      parent.say("vacuum\t" + vacuum(first));
      use(first, 20);
      open.forEach(PageBook::close);
      open.clear();
      parent.say("later\t" + attempt(directory.resolve("later.book"), open) + vacuum(first));
      use(first, 30);
      open.forEach(PageBook::close);
      first.close();
      System.exit(0);
    }

    /** Those that are loaded from a directory later could not be read any more. */
    private static void loadClasses() throws Exception {
      Path root =
          Path.of(PageBook.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(root)) {
        List<Path> classes;
        try (Stream<Path> files = Files.walk(root)) {
          classes = files.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : classes) {
          String name = root.relativize(file).toString().replace('/', '.');
          if (!name.endsWith("-info.class")) {
            Class.forName(name.substring(0, name.length() - ".class".length()));
          }
        }
      }
    }

    private static String attempt(Path file, List<PageBook> open) {
      try {
        open.add(PageBook.open(file));
        return "";
      } catch (BookException e) {
        return e.toString();
      }
    }

    private static String vacuum(PageBook book) {
      try {
        book.vacuum();
        return "";
      } catch (BookException e) {
        return e.toString();
      }
    }

    /** Reads what is there, writes it anew, larger, with growth. */
    private static void use(PageBook book, int round) {
      for (int key = 0; key < 20; key++) {
        byte[] bytes = book.getBytes(key);
        if (bytes != null) {
          CheckedValue.decode(key, bytes);
        }
        book.putBytes(key, new CheckedValue(key, 1, round, 10_000 * (1 + round)).encode());
      }
    }
  }

  @Test
  void isToldSo() {
    ChildJvm child =
        books.closing(
            ChildJvm.of(Opener.class)
                .startedBy("sh", "-c", "ulimit -n " + MOST + " && exec \"$0\" \"$@\"")
                .arguments(books.directory())
                .start());
    String[] refused = child.awaitLine("refused").split("\t", -1);
    System.out.println("after " + refused[1] + " opens: " + refused[2]);
    assertThat(Integer.parseInt(refused[1])).isBetween(10, MOST);
    assertThat(refused[2]).contains("BookException$Refused", "Too many open files", "file=");
    for (int round = 0; round < 3; round++) {
      assertThat(child.awaitLine("used")).as("the interrupt is kept").isEqualTo("used\ttrue");
    }
    String vacuum = child.awaitLine("vacuum");
    System.out.println(vacuum);
    assertThat(vacuum).contains("BookException$Refused", "Too many open files");
    assertThat(child.awaitLine("later")).isEqualTo("later\t");
    assertThat(child.awaitEnd(ChildJvm.PATIENCE)).isZero();
    assertThat(Files.exists(books.file("first.book"))).isTrue();
    assertThat(BookChecker.check(books.file("first.book")).records()).isEqualTo(20);
  }
}
