package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.RemoteBook;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Somebody in this JVM opens and closes every file of the book's directory, as a backup would. The
 * kernel drops this process's locks on them, and says nothing; nobody may take it for dead.
 */
@SuppressWarnings("try") // a lock is held for its effect, not for its name
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BackupIT {
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Duration LONG = Duration.ofSeconds(20);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  /** Ways to read a file. */
  enum Backup {
    READ_ALL_BYTES {
      @Override
      void touch(Path file) throws IOException {
        assertThat(Files.readAllBytes(file)).isNotNull();
      }
    },
    STREAM {
      @Override
      void touch(Path file) throws IOException {
        try (FileInputStream stream = new FileInputStream(file.toFile())) {
          assertThat(stream.read()).isGreaterThanOrEqualTo(-1);
        }
      }
    },
    RANDOM_ACCESS {
      @Override
      void touch(Path file) throws IOException {
        new RandomAccessFile(file.toFile(), "rw").close();
      }
    },
    CHANNEL {
      @Override
      void touch(Path file) throws IOException {
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE).close();
      }
    };

    abstract void touch(Path file) throws IOException;
  }

  private void backUp(Backup backup) throws IOException {
    List<Path> files;
    try (Stream<Path> tree = Files.walk(books.directory())) {
      files = tree.filter(Files::isRegularFile).toList();
    }
    assertThat(files).contains(books.file("a.book"));
    for (Path file : files) {
      backup.touch(file);
    }
  }

  @ParameterizedTest
  @EnumSource(Backup.class)
  void holderIsNotRobbed(Backup backup) throws IOException {
    PageBook book = books.open("a.book");
    RecordBuffer key = new RecordBuffer();
    key.setId(2);
    book.putString(1, "before");
    backUp(backup);
    try (RemoteBook remote = RemoteBook.open(books.file("a.book"), SHORT)) {
      String pid = Long.toString(ProcessHandle.current().pid());
      try (PageBook.BookLock lock = book.lockForWriting(LONG)) {
        backUp(backup);
        assertThat(remote.putString(1, "stolen").refusal(BookException.LockTimeout.class))
            .contains(pid);
        assertThat(remote.lockForWriting(SHORT).refusal(BookException.LockTimeout.class))
            .contains(pid);
        assertThat(book.putString(1, "by the holder")).isTrue();
      }
      try (RecordStore.KeyLock lock = book.records().lock(key)) {
        backUp(backup);
        assertThat(remote.lockKey(2).refusal(BookException.LockTimeout.class)).contains(pid);
      }
      remote.lockKey(2).value();
      remote.unlockKey().value();
      assertThat(remote.getString(1)).isEqualTo("by the holder");
      remote.putString(1, "after").value();
      assertThat(book.getString(1)).isEqualTo("after");
    }
  }
}
