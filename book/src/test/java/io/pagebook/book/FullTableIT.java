package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A book with as many participants as it has slots for, in three processes: one more is refused,
 * all others go on, and who leaves or dies makes room.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FullTableIT {
  private static final int IN_A_CHILD = 420;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private final Deque<PageBook> own = new ArrayDeque<>();

  /** A process that takes part many times. Argument: book. */
  static final class Crowd {
    private Crowd() {}

    /** Obeys until the parent is gone. */
    public static void main(String[] args) {
      Parent parent = Parent.connect();
      Deque<PageBook> books = new ArrayDeque<>();
      for (int i = 0; i < IN_A_CHILD; i++) {
        books.push(open(Path.of(args[0])));
      }
      parent.say("opened");
      for (long round = 1; ; round++) {
        switch (parent.hear()) {
          case "use" -> {
            for (PageBook book : books) {
              use(book, (int) ProcessHandle.current().pid(), round);
            }
            parent.say("used");
          }
          case "open" -> parent.say("answer\t" + tryOpen(Path.of(args[0]), books));
          default -> {
            books.pop().close();
            parent.say("closed");
          }
        }
      }
    }

    private static String tryOpen(Path file, Deque<PageBook> books) {
      try {
        books.push(open(file));
        return "opened";
      } catch (BookException e) {
        return e.toString();
      }
    }
  }

  private static PageBook open(Path file) {
    return PageBook.open(file, BookOptions.DEFAULT.withShards(1).withLockTimeout(PATIENCE));
  }

  /** Writes a value that is this round's, and reads it back. */
  private static void use(PageBook book, int key, long round) {
    book.putBytes(key, new CheckedValue(key, 1, round, 100).encode());
    byte[] found = book.getBytes(key);
    assertThat(found).isNotNull();
    assertThat(CheckedValue.decode(key, found).sequence()).isEqualTo(round);
  }

  private ChildJvm crowd(Path file) {
    return books.closing(ChildJvm.of(Crowd.class).arguments(file).start());
  }

  private void openOne(Path file) {
    own.push(books.closing(open(file)));
  }

  private void assertRefused(Path file) {
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(BookException.TooManyParticipants.class)
        .hasMessageContaining("too many processes use the book: participants=" + BookLayout.SLOTS)
        .hasMessageContaining("file=" + file)
        .hasMessageContaining("close some");
  }

  private void allUseIt(List<ChildJvm> children, long round) {
    children.forEach(child -> child.send("use"));
    for (PageBook book : own) {
      use(book, 0, round);
    }
    children.forEach(child -> child.awaitLine("used"));
  }

  @Test
  void oneMoreIsRefusedAndEverybodyElseGoesOn() {
    Path file = books.file("a.book");
    openOne(file);
    List<ChildJvm> children = List.of(crowd(file), crowd(file));
    children.forEach(child -> child.awaitLine("opened"));
    while (own.size() + 2 * IN_A_CHILD < BookLayout.SLOTS) {
      openOne(file);
    }

    assertRefused(file);
    children.forEach(child -> child.send("open"));
    for (ChildJvm child : children) {
      assertThat(child.awaitLine("answer"))
          .contains("BookException$TooManyParticipants", "file=" + file);
    }
    allUseIt(children, 1);
    assertRefused(file);

    own.pop().close();
    openOne(file);
    assertRefused(file);
    children.get(0).send("close");
    children.get(0).awaitLine("closed");
    openOne(file);
    assertRefused(file);
    allUseIt(children, 2);

    children.get(1).kill();
    for (int i = 0; i < IN_A_CHILD; i++) {
      await("room, which another process may just be making")
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .ignoreExceptionsInstanceOf(BookException.TooManyParticipants.class)
          .until(
              () -> {
                openOne(file);
                return true;
              });
    }
    assertRefused(file);
    allUseIt(children.subList(0, 1), 3);
    assertThat(own.element().records().damagedRecords()).isZero();
  }
}
