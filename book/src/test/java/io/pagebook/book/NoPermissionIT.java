package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.dynatrace.hash4j.hashing.Hashing;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.ChildJvm;
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
    ChildJvm.Builder jvm =
        RemoteBook.builder()
            .startedBy(command)
            .classPath(publicClassPath(books.directory().resolve("classes")));
    try (RemoteBook remote = RemoteBook.start(jvm)) {
      return remote.openBook(file, BookOptions.DEFAULT);
    }
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
}
