package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pagebook.book.BookException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What others may have laid down in a shared manager's directory, in place of a book or of the side
 * file: refused with its name and the reason, not followed, not changed, and nothing is made.
 */
class ForeignFilesTest extends CacheTestBase {
  private static final int NOBODY = 65_534;

  @TempDir Path parent;
  private Path directory;
  private Path elsewhere;

  @BeforeEach
  void makeDirectories() throws IOException {
    directory = Files.createDirectory(parent.resolve("books"));
    elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cache.book", ".pagebook.locks"})
  void anotherOwnerWhereAnybodyMayWrite(String name) throws IOException {
    writeCache();
    Path file = directory.resolve(name);
    giveAway(file);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertRefused()
        .hasMessageContaining("somebody else's")
        .hasMessageContaining("owner=" + Files.getOwner(file).getName())
        .hasMessageContaining("file=" + file)
        .hasMessageContaining("use a directory of your own");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cache.book", ".pagebook.locks"})
  void aLinkInAFilesPlace(String name) throws IOException {
    writeCache();
    Path file = directory.resolve(name);
    Path target = Files.move(file, elsewhere.resolve(name));
    Files.createSymbolicLink(file, target);
    byte[] before = Files.readAllBytes(target);

    assertRefused().hasMessageContaining("regular file").hasMessageContaining(file.toString());

    assertThat(file).isSymbolicLink();
    assertThat(Files.readAllBytes(target)).isEqualTo(before);
    assertThat(elsewhere).isDirectoryNotContaining(path -> !path.equals(target));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cache.book", ".pagebook.locks"})
  void aLinkThatLeadsNowhere(String name) throws IOException {
    Path file = Files.createSymbolicLink(directory.resolve(name), elsewhere.resolve(name));

    assertRefused().hasMessageContaining("regular file").hasMessageContaining(file.toString());

    assertThat(elsewhere).isEmptyDirectory();
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(file));
  }

  @Test
  void aDirectoryThatIsALinkThatLeadsNowhere() throws IOException {
    Files.delete(directory);
    Files.createSymbolicLink(directory, elsewhere.resolve("none"));

    CacheException refusal = catchThrowableOfType(CacheException.class, this::writeCache);

    assertThat(refusal).hasMessageContaining("directory of the books is a file: file=" + directory);
    assertThat(elsewhere).isEmptyDirectory();
  }

  private void writeCache() {
    manager(provider, directory)
        .createCache("cache", new MutableConfiguration<>())
        .put("key", "value");
    provider.close();
  }

  private org.assertj.core.api.AbstractThrowableAssert<?, CacheException> assertRefused() {
    CacheException refusal = catchThrowableOfType(CacheException.class, this::writeCache);
    return assertThat(refusal)
        .hasMessageContaining("book of the cache cannot be opened: cache=cache")
        .hasCauseInstanceOf(BookException.class);
  }

  private static void giveAway(Path file) throws IOException {
    boolean superuser = Files.isReadable(Path.of("/proc/1/mem"));
    if (!superuser) {
      System.out.println("skipped, for only the superuser gives files away");
    }
    Assumptions.assumeTrue(superuser, "only the superuser gives files away");
    Files.setAttribute(file, "unix:uid", NOBODY);
  }
}
