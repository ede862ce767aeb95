package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.RemoteBook;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A process without a single JVM flag does everything and says nothing. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class NoWarningsIT {
  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  @Test
  void standardErrorStaysEmpty() {
    try (RemoteBook remote = RemoteBook.open(books.file("a.book"), Duration.ofSeconds(10))) {
      for (int key = 0; key < 50; key++) {
        remote.put(new CheckedValue(key, 1, 1, 100_000)).value();
        assertThat(remote.get(key)).isNotNull();
      }
      remote.lockForWriting(Duration.ofSeconds(10)).value();
      remote.unlock().value();
      remote.lockKey(1).value();
      remote.unlockKey().value();
      for (int key = 0; key < 40; key++) {
        remote.remove(key).value();
      }
      remote.call("vacuum").value();
      assertThat(remote.ids()).hasSize(10);
      remote.closeBook().value();
      assertThat(remote.exit()).isEmpty();
    }
  }

  @Test
  void survivorOfAKilledProcessSaysNothingEither() {
    try (RemoteBook survivor = RemoteBook.open(books.file("a.book"), Duration.ofSeconds(10))) {
      try (RemoteBook victim = RemoteBook.open(books.file("a.book"), Duration.ofSeconds(10))) {
        victim.put(new CheckedValue(1, 1, 1, 100_000)).value();
        victim.lockForWriting(Duration.ofSeconds(10)).value();
      }
      survivor.put(new CheckedValue(1, 2, 1, 100_000)).value();
      survivor.closeBook().value();
      assertThat(survivor.exit()).isEmpty();
    }
  }

  /** A child that forgets to close its book. */
  static final class Forgetful {
    private Forgetful() {}

    public static void main(String[] args) {
      PageBook book = PageBook.open(Path.of(args[0]));
      book.putString(1, "stored");
      System.out.println("done");
    }
  }

  @Test
  void processThatForgetsToCloseEndsAllTheSame() {
    try (ChildJvm child = ChildJvm.of(Forgetful.class).arguments(books.file("a.book")).start()) {
      child.awaitLine("done");
      assertThat(child.awaitEnd(Duration.ofSeconds(10))).isZero();
      assertThat(child.stderrLines()).isEmpty();
    }
    assertThat(books.open("a.book").getString(1)).isEqualTo("stored");
  }
}
