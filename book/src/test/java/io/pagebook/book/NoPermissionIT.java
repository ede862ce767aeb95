package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.dynatrace.hash4j.hashing.Hashing;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.RemoteBook;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the operating system forbids, when it forbids something: the superuser, whom it does not,
 * runs the attempt as nobody.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class NoPermissionIT {
  private static final String NOBODY = "65534";

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private String[] command = {};

  @BeforeEach
  void becomeNobody() throws IOException {
    if (Files.isReadable(Path.of("/proc/1/mem"))) {
      assumeTrue(
          Stream.of("/usr/bin/setpriv", "/bin/setpriv").map(Path::of).anyMatch(Files::isExecutable),
          "the superuser may do everything, and there is no setpriv to become somebody else");
      command =
          new String[] {"setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"};
    }
    // others may pass through, so that only what a test says is forbidden
    Files.setPosixFilePermissions(books.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private RemoteBook.Answer openAsNobody(Path file) throws IOException, URISyntaxException {
    try (RemoteBook remote = startAsNobody()) {
      return remote.openBook(file, BookOptions.DEFAULT);
    }
  }

  private RemoteBook startAsNobody() throws IOException, URISyntaxException {
    return RemoteBook.start(
        RemoteBook.builder()
            .startedBy(command)
            .classPath(publicClassPath(books.directory().resolve("classes"))));
  }

  /** A copy of what the child needs where anybody may read it. */
  private static String publicClassPath(Path to) throws IOException, URISyntaxException {
    List<String> entries = new ArrayList<>();
    for (Class<?> one : List.of(PageBook.class, RemoteBook.class, Hashing.class)) {
      Path from = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path copy = to.resolve(Integer.toString(entries.size()));
      copyReadable(from, copy);
      entries.add(copy.toString());
    }
    return String.join(File.pathSeparator, entries);
  }

  private static void copyReadable(Path from, Path to) throws IOException {
    List<Path> sources;
    try (Stream<Path> tree = Files.walk(from)) {
      sources = tree.toList();
    }
    Files.createDirectories(to.getParent());
    for (Path source : sources) {
      Path copy = to.resolve(from.relativize(source).toString());
      Files.copy(source, copy);
      Files.setPosixFilePermissions(
          copy,
          PosixFilePermissions.fromString(Files.isDirectory(copy) ? "rwxr-xr-x" : "rw-r--r--"));
    }
    Files.setPosixFilePermissions(to.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void anotherUsersBook() throws IOException, URISyntaxException {
    Path file = books.file("a.book");
    try (PageBook book = books.open("a.book")) {
      book.putString(1, "one");
    }
    byte[] before = Files.readAllBytes(file);
    assertThat(openAsNobody(file).refusal(BookException.Refused.class)).contains(file.toString());
    TestBytes.assertSame(Files.readAllBytes(file), before, "bytes of the file");
  }

  @Test
  void anotherUsersDirectory() throws IOException, URISyntaxException {
    Path file = books.directory().resolve("new.book");
    assertThat(openAsNobody(file).refusal(BookException.Refused.class)).contains(file.toString());
    assertThat(file).doesNotExist();
  }

  @Test
  void directoryThatMayNotBeEntered() throws IOException, URISyntaxException {
    Path closed = Files.createDirectory(books.directory().resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    Path file = closed.resolve("a.book");
    assertThat(openAsNobody(file).refusal(BookException.Refused.class)).contains(file.toString());
  }

  /** Taken away while the book is in use: what needs no new file goes on, a vacuum is refused. */
  @Test
  void directoryMadeReadOnly() throws IOException, URISyntaxException {
    Path directory = Files.createDirectory(books.directory().resolve("readOnly"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path file = directory.resolve("a.book");
    try (RemoteBook remote = startAsNobody()) {
      remote.openBook(file, BookOptions.DEFAULT).value();
      for (int key = 0; key < 60; key++) {
        remote.put(new CheckedValue(key, 1, 1, 20_000)).value();
      }
      for (int key = 0; key < 40; key++) {
        remote.remove(key).value();
      }
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
      assertThat(remote.call("vacuum").refusal(BookException.Refused.class))
          .contains("permission denied", file.toString());
      long before = Files.size(file);
      remote.put(new CheckedValue(100, 1, 1, 3_000_000)).value();
      assertThat(Files.size(file)).as("bytes of the file, grown").isGreaterThan(before);
      remote.closeBook().value();
      remote.openBook(file, BookOptions.DEFAULT).value();
      for (int key = 40; key < 60; key++) {
        assertThat(remote.get(key)).isEqualTo(new CheckedValue(key, 1, 1, 20_000));
      }
      assertThat(remote.check()).isEmpty();
      Path other = directory.resolve("other.book");
      assertThat(remote.openBook(other, BookOptions.DEFAULT).refusal(BookException.Refused.class))
          .contains("permission denied", other.toString());
      assertThat(remote.destroy(file).refusal(BookException.Refused.class))
          .contains(file.toString());
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
      remote.openBook(file, BookOptions.DEFAULT).value();
      remote.put(new CheckedValue(1, 1, 2, 20_000)).value();
      assertThat(Long.parseLong(remote.call("vacuum").value())).isPositive();
      assertThat(remote.check()).isEmpty();
    }
  }
}
