package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pagebook.book.memory.PageMemory;
import io.pagebook.testing.CheckedBooks;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no book, or not one of ours, is refused with its name, and not a byte of it changes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BadInputTest {
  /** Where the format version stands in page 0: see the layout in {@code docs/spec}. */
  private static final int VERSION_OFFSET = 8;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = books.file("a.book");
    books.doNotCheck(file);
  }

  /** That {@code open} refuses {@link #file} with its name, and leaves it as it was. */
  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      Class<? extends BookException> type) throws IOException {
    byte[] before = Files.readAllBytes(file);
    AbstractThrowableAssert<?, ? extends Throwable> refused =
        assertThatThrownBy(() -> PageBook.open(file))
            .isInstanceOf(type)
            .satisfies(e -> assertSays(e, file));
    assertThat(Arrays.equals(before, Files.readAllBytes(file))).as("bytes unchanged").isTrue();
    return refused;
  }

  /** Which file, and what to do. */
  private static void assertSays(Throwable refusal, Path where) {
    assertThat(refusal.getMessage()).contains("file=" + where).matches("(?s).+; .+");
  }

  private void writeBook() {
    try (PageBook book = PageBook.open(file)) {
      for (int id = 0; id < 1000; id++) {
        book.putBytes(id, TestBytes.of(id, 1000));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 8, 100, 4095, 4096, 8192, 1_000_000})
  void foreignFile(int length) throws IOException {
    Files.write(file, TestBytes.of(1, length));
    assertRefused(BookException.NotABook.class);
  }

  @Test
  void fileOfZeros() throws IOException {
    Files.write(file, new byte[1 << 20]);
    assertRefused(BookException.NotABook.class);
  }

  @Test
  void textFile() throws IOException {
    Files.writeString(file, "dear diary\n".repeat(10_000), StandardCharsets.UTF_8);
    assertRefused(BookException.NotABook.class);
  }

  @Test
  void emptyFile() throws IOException {
    Files.write(file, new byte[0]);
    assertRefused(BookException.NotABook.class);
  }

  @Test
  void directory() throws IOException {
    Files.createDirectory(file);
    Files.writeString(file.resolve("inside"), "stays");
    assertThatThrownBy(() -> PageBook.open(file))
        .isInstanceOf(BookException.NotABook.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("directory");
    assertThat(file.resolve("inside")).hasContent("stays");
  }

  @Test
  void bookWithoutItsSideFile() throws IOException {
    writeBook();
    Path sideFile = books.directory().resolve(".pagebook.locks");
    Path away = Files.move(sideFile, books.directory().resolve("away"));
    assertRefused(BookException.Refused.class)
        .hasMessageContaining("side file")
        .hasMessageContaining("missing")
        .hasMessageContaining(sideFile.toString());
    Files.move(away, sideFile);
    try (PageBook book = PageBook.open(file)) {
      assertThat(book.count()).isEqualTo(1000);
    }
  }

  @Test
  void symbolicLink() throws IOException {
    writeBook();
    Path link = books.directory().resolve("link.book");
    Files.createSymbolicLink(link, file);
    assertThatThrownBy(() -> PageBook.open(link))
        .isInstanceOf(BookException.NotABook.class)
        .hasMessageContaining(link.toString());
    assertThatThrownBy(() -> PageMemory.open(link)) // one that came after the look
        .isInstanceOf(IOException.class);
    assertThat(Files.isSymbolicLink(link)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.book", ".pagebook.locks"})
  void foreignOwnerWhereAnybodyMayWrite(String name) throws IOException {
    assumeTrue(Files.isReadable(Path.of("/proc/1/mem")), "only the superuser gives files away");
    writeBook();
    Files.setAttribute(books.directory().resolve(name), "unix:uid", 65_534);
    PageBook.open(file).close();
    Files.setPosixFilePermissions(books.directory(), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> PageBook.open(file))
        .isInstanceOf(BookException.Refused.class)
        .hasMessageContaining("somebody else's")
        .hasMessageContaining(books.directory().resolve(name).toString());
  }

  @Test
  void newerFormatVersion() throws IOException {
    writeBook();
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(VERSION_OFFSET);
      bytes.write(77);
    }
    assertRefused(BookException.UnsupportedVersion.class).hasMessageContaining("77");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 7})
  void wrongMagic(int at) throws IOException {
    writeBook();
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(old ^ 0x20);
    }
    assertRefused(BookException.NotABook.class);
  }

  /** The first and the last byte of each field, that of the check included. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        9, 12, 15, 16, 19, 20, 23, 24, 27, 28, 31, 32, 39, 40, 47, 48, 55, 56, 63, 72, 79, 96, 103,
        104, 111, 112, 119
      })
  void damagedHeader(int at) throws IOException {
    writeBook();
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(old ^ 0x11);
    }
    assertRefused(BookException.class)
        .isInstanceOfAny(BookException.Corrupt.class, BookException.UnsupportedVersion.class);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.999999, 0.75, 0.5, 0.1})
  void truncatedBook(double share) throws IOException {
    writeBook();
    long length = Files.size(file);
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength((long) (length * share));
    }
    assertRefused(BookException.Corrupt.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 63, 64, 100, 1000, 4095, 4096})
  void bookTruncatedInItsHeader(int length) throws IOException {
    writeBook();
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength(length);
    }
    // too short to say what it was: either is right
    assertRefused(BookException.class)
        .isInstanceOfAny(BookException.NotABook.class, BookException.Corrupt.class);
  }

  @Test
  void longerBookIsLegal() throws IOException {
    writeBook();
    Files.write(file, new byte[10_000], java.nio.file.StandardOpenOption.APPEND);
    try (PageBook book = PageBook.open(file)) {
      for (int id = 0; id < 1000; id++) {
        TestBytes.assertSame(book.getBytes(id), TestBytes.of(id, 1000), "id " + id);
      }
      book.putBytes(1, new byte[1 << 20]);
    }
  }

  @Test
  void noPermissionToRead() throws IOException {
    writeBook();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeTrue(
        !Files.isReadable(file), "this user may read everything; NoPermissionIT runs as another");
    assertThatThrownBy(() -> PageBook.open(file))
        .isInstanceOf(BookException.Refused.class)
        .hasMessageContaining(file.toString());
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        -4096,
        1,
        512,
        1000,
        1023,
        1025,
        4095,
        4097,
        6144,
        1 << 21,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE
      })
  void pageSizeThatIsNoPowerOfTwoInRange(int pageSize) {
    assertThatThrownBy(() -> PageBook.open(file, BookOptions.DEFAULT.withPageSizeBytes(pageSize)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("power of two")
        .hasMessageContaining(Integer.toString(pageSize));
    assertThat(file).doesNotExist();
  }

  /** As nanoseconds they would not fit into 64 bits. */
  @Test
  void durationsBeyondAllClocks() {
    Duration most = Duration.ofDays(36_500);
    BookOptions options = BookOptions.DEFAULT.withLockTimeout(most).withForceInterval(most);
    PageBook.open(file, options).close();
    Duration more = most.plusNanos(1);
    assertThatThrownBy(() -> options.withLockTimeout(more))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lockTimeout=" + more);
    assertThatThrownBy(() -> options.withForceInterval(Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("36500 days");
  }

  @Test
  void initialSizeBeyondAllBooks() {
    assertThatThrownBy(() -> BookOptions.DEFAULT.withInitialSizeBytes(Long.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("initialSizeBytes=" + Long.MAX_VALUE);
  }

  @Test
  void nameTooLong() {
    Path named = books.directory().resolve("n".repeat(300));
    assertThatThrownBy(() -> PageBook.open(named))
        .isInstanceOf(BookException.Refused.class)
        .satisfies(e -> assertSays(e, named))
        .hasMessageContaining("bytes=300");
  }

  @Test
  void missingParentDirectory() {
    Path orphan = books.directory().resolve("missing").resolve("a.book");
    assertThatThrownBy(() -> PageBook.open(orphan))
        .isInstanceOf(BookException.Refused.class)
        .satisfies(e -> assertSays(e, orphan))
        .hasMessageContaining("directory=" + orphan.getParent());
    assertThat(orphan.getParent()).doesNotExist();
  }

  @Test
  void parentThatIsAFile() throws IOException {
    Path parent = books.directory().resolve("file");
    Files.writeString(parent, "stays");
    Path orphan = parent.resolve("a.book");
    assertThatThrownBy(() -> PageBook.open(orphan))
        .isInstanceOf(BookException.Refused.class)
        .satisfies(e -> assertSays(e, orphan));
    assertThat(parent).hasContent("stays");
  }

  @Test
  void fileSystemThatTakesNoBooks() {
    Path absurd = Path.of("/proc/self/a.book");
    assumeTrue(Files.isDirectory(absurd.getParent()), "no /proc on this machine");
    assertThatThrownBy(() -> PageBook.open(absurd))
        .isInstanceOf(BookException.Refused.class)
        .satisfies(e -> assertSays(e, absurd));
  }

  @Test
  void device() {
    Path device = Path.of("/dev/zero");
    assumeTrue(Files.exists(device), "no /dev/zero on this machine");
    assertThatThrownBy(() -> PageBook.open(device))
        .isInstanceOf(BookException.class)
        .satisfies(e -> assertSays(e, device));
  }

  @Test
  void refusedNameIsUsableOnceTheFileIsGone() throws IOException {
    Files.writeString(file, "no book");
    assertRefused(BookException.NotABook.class);
    Files.delete(file);
    try (PageBook book = PageBook.open(file)) {
      assertThat(book.created()).isTrue();
    }
    assertThat(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void destroyRefusesWhatIsNoBook() throws IOException {
    Files.writeString(file, "dear diary");
    assertThatThrownBy(() -> PageBook.destroy(file))
        .isInstanceOf(BookException.NotABook.class)
        .hasMessageContaining(file.toString());
    assertThat(file).hasContent("dear diary");
  }
}
