package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.SideFileLayout;
import io.pagebook.book.process.Reserving;
import io.pagebook.book.process.SideFile;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.InterruptedWaiter;
import io.pagebook.testing.Parent;
import io.pagebook.testing.RemoteBook;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The interrupt comes while a thread waits to open, destroy or close a book, because of what
 * another process does with it: it waits on, to the same end, keeps the interrupt, and does not
 * spin meanwhile.
 */
@SuppressWarnings("try") // a lock is held for its effect, not for its name
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class InterruptedOpenCloseTest {
  private static final String WITH_A_CHANGE = "close, with a change under way";
  private static final Duration LONG = Duration.ofSeconds(20);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private static ChildJvm holder;
  private static RemoteBook remote;
  private PageBook book;

  @BeforeAll
  static void startOthers() {
    holder = ChildJvm.of(Holder.class).start();
    remote = RemoteBook.start();
    holder.awaitLine("ready");
  }

  @AfterAll
  static void endOthers() {
    holder.close();
    remote.close();
  }

  /**
   * Something that waits.
   *
   * @param hold what the other process holds meanwhile
   * @param left what a process that is gone has left of the book, which is closed then; null if it
   *     stays open
   */
  record Wait(String name, Hold hold, @Nullable Left left, Call call) {
    @Override
    public String toString() {
      return name + ", held: " + hold;
    }
  }

  /** What keeps others waiting. */
  enum Hold {
    /** The right to delete, replace or verify the book's file. */
    MAINTENANCE,
    /** The right to vacuum. */
    VACUUM,
    /** The same, and the book is on the way to another file. */
    MOVING,
    /** The book-wide write lock. */
    WRITING
  }

  /** What the file says before the wait. */
  enum Left {
    SOUND,
    DESTROYED,
    FROM_ANOTHER_BOOT
  }

  /** The body of a wait, and what it leads to. */
  interface Call {
    void on(InterruptedOpenCloseTest test);
  }

  static Stream<Wait> waits() {
    return Stream.of(
        new Wait(
            "open, deleting a destroyed book",
            Hold.MAINTENANCE,
            Left.DESTROYED,
            t -> {
              t.book = t.books.open("a.book");
              assertThat(t.book.created()).isTrue();
            }),
        new Wait(
            "open, verifying it after a reboot",
            Hold.MAINTENANCE,
            Left.FROM_ANOTHER_BOOT,
            t -> {
              t.book = t.books.open("a.book");
              assertThat(t.book.created()).isFalse();
              assertThat(t.book.getString(2)).isEqualTo("two");
            }),
        new Wait(
            "open",
            Hold.MOVING,
            Left.SOUND,
            t -> {
              t.book = t.books.open("a.book");
              assertThat(t.book.getString(2)).isEqualTo("two");
            }),
        new Wait("put", Hold.MOVING, null, t -> t.book.putString(2, "zwei")),
        new Wait("put", Hold.WRITING, null, t -> t.book.putString(2, "zwei")),
        new Wait("lock for reading", Hold.WRITING, null, t -> t.book.lockForReading(LONG).close()),
        new Wait("destroy", Hold.MAINTENANCE, null, InterruptedOpenCloseTest::destroy),
        new Wait("destroy", Hold.VACUUM, null, InterruptedOpenCloseTest::destroy),
        new Wait("destroy", Hold.MOVING, Left.SOUND, InterruptedOpenCloseTest::destroy),
        new Wait("close", Hold.MOVING, null, t -> t.book.close()),
        new Wait(WITH_A_CHANGE, Hold.WRITING, null, t -> t.book.close()));
  }

  private void destroy() {
    assertThat(PageBook.destroy(books.file("a.book"))).isTrue();
    assertThat(books.file("a.book")).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("waits")
  void interruptedInTheMiddleOfAWait(Wait wait) {
    Path file = books.file("a.book");
    book = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(LONG));
    book.putString(1, "one");
    book.putString(2, "two");
    if (wait.left() != null) {
      leave(wait.left());
    }
    holder.send(wait.hold() + " " + file);
    holder.awaitLine("held");
    try (Workers workers = new Workers()) {
      if (wait.name().equals(WITH_A_CHANGE)) {
        Reserving reserving = book.openBook().file().self().reserving();
        assertThat(reserving.begin()).isTrue();
        workers.start(
            "writer",
            () -> {
              try {
                book.putString(2, "zwei");
              } finally {
                reserving.end();
              }
            });
      }
      InterruptedWaiter.assertWaitsOn(
          () -> wait.call().on(this), InterruptedOpenCloseTest::release);
    }
    book.close();
    assertBookGoesOn();
  }

  private static void release() {
    holder.send("let go");
    holder.awaitLine("released");
  }

  /** Closes the book and makes its file one that somebody else has left. */
  private void leave(Left left) {
    switch (left) {
      case SOUND -> {}
      case DESTROYED ->
          Inside.memory(book).putLongVolatile(BookLayout.STATE_OFFSET, BookLayout.STATE_DESTROYED);
      case FROM_ANOTHER_BOOT ->
          Inside.memory(book).putLongVolatile(BookLayout.BOOT_ID_HIGH_OFFSET, 0x1122334455667788L);
    }
    book.close();
  }

  /** A thread of this JVM holds the lock of a key, as one does that runs an entry processor. */
  @Test
  void interruptedCloseThatWaitsForAKey() {
    book = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(LONG));
    book.putString(1, "one");
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch letGo = new CountDownLatch(1);
    try (Workers workers = new Workers()) {
      var keyHolder =
          workers.begin(
              "holder of the key",
              () -> {
                RecordBuffer key = new RecordBuffer();
                key.setId(1);
                try (RecordStore.KeyLock lock = book.records().lock(key)) {
                  locked.countDown();
                  assertThat(letGo.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
                }
              });
      await().until(() -> locked.getCount() == 0);
      InterruptedWaiter.assertWaitsOn(
          book::close,
          () -> {
            letGo.countDown();
            Workers.get(keyHolder, LONG);
          });
    }
    assertBookGoesOn();
  }

  /** All works, and a child does not take this process for dead. */
  private void assertBookGoesOn() {
    PageBook again = books.open("a.book");
    again.putString(1, "one");
    InterruptedThreadTest.assertAliveFor(remote, again);
  }

  /** Those who come to a closed book while its closer waits are refused by type. */
  @Test
  void othersAreToldWhileAnInterruptedCloseWaits() {
    book = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(LONG));
    holder.send(Hold.MOVING + " " + book.file());
    holder.awaitLine("held");
    InterruptedWaiter.assertWaitsOn(
        book::close,
        () -> {
          try {
            assertThatThrownBy(() -> book.putString(2, "zwei"))
                .isInstanceOf(BookException.Closed.class);
          } finally {
            release();
          }
        });
    assertBookGoesOn();
  }

  /** Nobody asks the housekeeper to end; one that spun would take a processor for good. */
  @Test
  void interruptedHousekeeper() {
    book = books.open("a.book");
    Thread housekeeper =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("pagebook-housekeeper"))
            .findFirst()
            .orElseThrow();
    housekeeper.interrupt();
    await().until(() -> !housekeeper.isInterrupted());
    InterruptedWaiter.assertIdle(housekeeper);
    assertThat(housekeeper.isAlive()).isTrue();
    assertBookGoesOn();
  }

  /** Runs in the child: holds what it is told to hold until it is told to let go. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      Parent parent = Parent.connect();
      parent.say("ready");
      while (true) {
        String[] command = parent.hear().split(" ", 2);
        Path file = Path.of(command[1]);
        Hold hold = Hold.valueOf(command[0]);
        if (hold == Hold.MAINTENANCE) {
          holdByte(parent, file);
        } else {
          try (PageBook book = PageBook.open(file)) {
            hold(parent, book, hold);
          }
        }
        parent.say("released");
      }
    }

    private static void holdByte(Parent parent, Path file) throws IOException {
      long position = SideFileLayout.maintenancePosition(BookHeader.read(file).bookId());
      try (SideFile sideFile = SideFile.open(file.getParent(), false)) {
        if (!sideFile.tryLock(position)) {
          throw new IllegalStateException("somebody else holds it: position=" + position);
        }
        sayAndWait(parent);
        sideFile.unlock(position);
      }
    }

    private static void hold(Parent parent, PageBook book, Hold hold) {
      if (hold == Hold.WRITING) {
        try (PageBook.BookLock lock = book.lockForWriting(LONG)) {
          sayAndWait(parent);
        }
        return;
      }
      BookFile current = book.openBook().file();
      current.vacuumLock().lock(LONG.toNanos());
      try {
        long state = hold == Hold.MOVING ? BookLayout.STATE_MOVING : BookLayout.STATE_NORMAL;
        current.memory().putLongVolatile(BookLayout.STATE_OFFSET, state);
        sayAndWait(parent);
        current.memory().putLongVolatile(BookLayout.STATE_OFFSET, BookLayout.STATE_NORMAL);
      } finally {
        current.vacuumLock().unlock();
      }
    }

    private static void sayAndWait(Parent parent) {
      parent.say("held");
      parent.hear();
    }
  }
}
