package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.RemoteBook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nobody but the owner may read what the book's processes leave on the disk, whatever their umask.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FileModesIT {
  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  @ParameterizedTest
  @ValueSource(strings = {"000", "022", "077"})
  void filesAreTheOwnersAlone(String umask) throws IOException {
    try (RemoteBook remote =
        RemoteBook.start(
            RemoteBook.builder().startedBy("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"))) {
      remote.openBook(books.file("a.book"), BookOptions.DEFAULT).value();
      assertPrivate();
      for (int key = 0; key < 20; key++) {
        remote.put(new CheckedValue(key, 1, 1, 200_000)).value();
      }
      assertPrivate();
      for (int key = 0; key < 20; key++) {
        remote.remove(key).value();
      }
      remote.call("vacuum").value();
      assertPrivate();
    }
  }

  private void assertPrivate() throws IOException {
    List<Path> entries;
    try (Stream<Path> tree = Files.walk(books.directory())) {
      entries = tree.filter(entry -> !entry.equals(books.directory())).toList();
    }
    assertThat(entries).contains(books.file("a.book"));
    for (Path entry : entries) {
      String expected = Files.isDirectory(entry) ? "rwx------" : "rw-------";
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(entry)))
          .as("mode of %s", entry)
          .isEqualTo(expected);
    }
  }
}
