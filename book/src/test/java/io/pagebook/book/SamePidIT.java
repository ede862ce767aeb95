package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.SlotLayout;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.RemoteBook;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Participants whose recorded process IDs are equal, as in two containers that share a directory:
 * neither is taken for dead while it lives, nor for alive because the other does. The identity is
 * faked in the participant's slot.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SamePidIT {
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Duration LONG = Duration.ofSeconds(20);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private PageBook book;
  private RemoteBook remote;

  /** Why two processes have the same ID. */
  enum Reason {
    /** They live in two PID namespaces; that they started in the same tick is the worst case. */
    OTHER_NAMESPACE,
    /** One is gone, and the system gave its ID to the other. */
    ID_USED_AGAIN
  }

  @BeforeEach
  void open() {
    book = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(SHORT));
    book.putString(1, "before");
    remote = books.closing(RemoteBook.open(books.file("a.book"), SHORT));
  }

  /** Makes the other process's slot say our process ID. */
  private void fake(Reason reason) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(books.file("a.book").toFile(), "rw")) {
      long own = slotOf(file, ProcessHandle.current().pid());
      long other = slotOf(file, remote.jvm().pid());
      long startTime = get(file, own + SlotLayout.START_TIME_OFFSET);
      long namespace = get(file, own + SlotLayout.NAMESPACE_OFFSET);
      put(file, other + SlotLayout.PID_OFFSET, ProcessHandle.current().pid());
      if (reason == Reason.OTHER_NAMESPACE) {
        put(file, other + SlotLayout.START_TIME_OFFSET, startTime);
        put(file, other + SlotLayout.NAMESPACE_OFFSET, namespace + 1);
      } else {
        put(file, other + SlotLayout.START_TIME_OFFSET, startTime - 1);
        put(file, other + SlotLayout.NAMESPACE_OFFSET, namespace);
      }
    }
  }

  private static long slotOf(RandomAccessFile file, long pid) throws IOException {
    Geometry geometry =
        new Geometry(
            (int) get(file, BookLayout.PAGE_SIZE_OFFSET),
            (int) get(file, BookLayout.SHARDS_OFFSET));
    for (int slot = 0; slot < BookLayout.SLOTS; slot++) {
      long at = geometry.slot(slot);
      if (get(file, at + SlotLayout.PID_OFFSET) == pid
          && SlotLayout.state(get(file, at + SlotLayout.WORD_OFFSET)) == SlotLayout.STATE_USED) {
        return at;
      }
    }
    throw new AssertionError("no participant has this process ID: pid=" + pid);
  }

  private static long get(RandomAccessFile file, long at) throws IOException {
    file.seek(at);
    return Long.reverseBytes(file.readLong());
  }

  private static void put(RandomAccessFile file, long at, long value) throws IOException {
    file.seek(at);
    file.writeLong(Long.reverseBytes(value));
  }

  private void assertShutOut() {
    assertThatThrownBy(() -> book.putString(1, "stolen"))
        .isInstanceOf(BookException.LockTimeout.class);
    assertThatThrownBy(() -> book.lockForWriting(SHORT))
        .isInstanceOf(BookException.LockTimeout.class);
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void livingHolderWithOurIdIsNotRobbed(Reason reason) throws IOException {
    fake(reason);
    remote.lockForWriting(LONG).value();
    assertShutOut();
    remote.putString(1, "by the holder").value();
    remote.unlock().value();
    assertThat(book.getString(1)).isEqualTo("by the holder");
    assertThat(book.putString(1, "after")).isTrue();
  }

  @Test
  void livingHolderWithOurIdIsNotRobbedAfterABackupEither() throws IOException {
    fake(Reason.OTHER_NAMESPACE);
    remote.lockForWriting(LONG).value();
    // drops its kernel locks: now only its heartbeat tells that it lives
    remote.backUp().value();
    assertShutOut();
    remote.putString(1, "by the holder").value();
    remote.unlock().value();
    assertThat(book.putString(1, "after")).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void deadHolderWithOurIdIsDead(Reason reason) throws IOException {
    fake(reason);
    remote.lockForWriting(LONG).value();
    assertShutOut();
    remote.jvm().kill();
    PageBook patient = books.open("a.book", BookOptions.DEFAULT.withLockTimeout(LONG));
    assertThat(patient.putString(1, "after")).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void weAreNotRobbedByTheOtherOne(Reason reason) throws IOException {
    fake(reason);
    PageBook.BookLock lock = book.lockForWriting(LONG);
    remote.putString(1, "stolen").refusal(BookException.LockTimeout.class);
    assertThat(book.putString(1, "by the holder")).isTrue();
    lock.close();
    remote.putString(1, "after").value();
  }
}
