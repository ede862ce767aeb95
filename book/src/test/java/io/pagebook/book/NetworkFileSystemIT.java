package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.RemoteBook;
import io.pagebook.testing.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * File systems of other machines are refused by their name in the kernel's list of mounts. The list
 * is a disguise, for there is no such file system here: what reads it is real.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class NetworkFileSystemIT {
  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  /** What the process that opened the book has said on standard error. */
  private List<String> warnings = List.of();

  private RemoteBook.Answer openOn(String type) throws IOException {
    Path directory = Files.createDirectory(books.directory().resolve("mounted"));
    SmallDisk disk = SmallDisk.named(directory, type, books.directory().resolve("mounts"));
    try (RemoteBook remote = RemoteBook.start(RemoteBook.builder().startedBy(disk.owner()))) {
      RemoteBook.Answer answer = remote.openBook(disk.file("a.book"), BookOptions.DEFAULT);
      if (answer.exception() != null) {
        assertThat(disk.seenThrough(remote.jvm())).as("nothing is left there").isEmptyDirectory();
      }
      warnings = remote.jvm().stderrLines();
      return answer;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nfs4", "cifs", "9p", "fuse.sshfs"})
  void isRefused(String type) throws IOException {
    assertThat(openOn(type).refusal(BookException.Refused.class))
        .contains("fileSystem=" + type, "a.book", "use a local one");
  }

  /** The control: the same with a name that is none of a network's. */
  @Test
  void localOneIsNot() throws IOException {
    assertThat(openOn("tmpfs").value()).startsWith("created");
    assertThat(warnings).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"btrfs", "overlay"})
  void oneThatIsNotKnownIsWarnedOf(String type) throws IOException {
    assertThat(openOn(type).value()).startsWith("created");
    assertThat(warnings)
        .filteredOn(line -> line.startsWith("WARNING"))
        .singleElement()
        .asString()
        .contains("fileSystem=" + type, "a.book", "; use /dev/shm or a volume");
  }
}
