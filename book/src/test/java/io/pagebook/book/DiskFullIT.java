package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.RemoteBook;
import io.pagebook.testing.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A file system without room refuses what needs room, with a type, and nothing else: no JVM dies of
 * a page that has no block, what is stored stays, and once there is room writes go on.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DiskFullIT {
  private static final long DISK_BYTES = 8 << 20;
  private static final int MANY = 100_000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private SmallDisk disk;
  private RemoteBook owner;
  private Path file;

  @BeforeEach
  void mount() throws IOException {
    Path at = Files.createDirectory(books.directory().resolve("disk"));
    disk = SmallDisk.at(at, DISK_BYTES);
    file = disk.file("a.book");
    owner = books.closing(RemoteBook.start(RemoteBook.builder().startedBy(disk.owner())));
  }

  private void open() {
    owner.openBook(file, BookOptions.DEFAULT.withLockTimeout(Duration.ofSeconds(20))).value();
  }

  private static CheckedValue value(int key, long sequence, int length) {
    return new CheckedValue(key, 1, sequence, length);
  }

  /** Puts keys from {@code first} on until there is no room; the key that was refused. */
  private int putUntilFull(int first, int length) {
    for (int key = first; key < MANY; key++) {
      RemoteBook.Answer answer = owner.put(value(key, 1, length));
      if (answer.exception() != null) {
        assertThat(answer.refusal(BookException.Full.class))
            .contains(file.toString())
            .contains("make room");
        assertThat(owner.get(key)).isNull();
        return key;
      }
    }
    throw new AssertionError("the disk does not fill");
  }

  private void assertWhole(RemoteBook by, int keys, long sequence, int length) {
    for (int key = 0; key < keys; key++) {
      assertThat(by.get(key)).isEqualTo(value(key, sequence, length));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 3000, 700_000})
  void growth(int length) {
    open();
    disk.fillBut(owner.jvm(), length < 1000 ? 100_000 : 2_000_000);
    int full = putUntilFull(0, length);
    System.out.println("full after " + full + " values of " + length + " bytes");
    assertThat(full).isPositive();
    assertWhole(owner, full, 1, length);
    assertThat(owner.check()).isEmpty();
    int replaced = 0;
    for (int key = 0; key < full; key++) {
      RemoteBook.Answer answer = owner.put(value(key, 2, length));
      if (answer.exception() == null) {
        replaced++;
      } else {
        answer.refusal(BookException.Full.class);
        assertThat(owner.get(key)).isEqualTo(value(key, 1, length));
      }
    }
    System.out.println("replaced on the full disk: " + replaced + " of " + full);
    try (RemoteBook guest =
        RemoteBook.start(RemoteBook.builder().startedBy(SmallDisk.guestOf(owner.jvm())))) {
      guest.openBook(file, BookOptions.DEFAULT).value();
      for (int key = 0; key < full; key++) {
        CheckedValue read = guest.get(key);
        assertThat(read).isNotNull();
      }
      assertThat(guest.remove(0).value()).isEqualTo("true");
      guest.put(value(0, 3, length)).value();
      assertThat(owner.get(0)).isEqualTo(value(0, 3, length));
    }
    disk.makeRoom(owner.jvm());
    for (int key = 0; key < full + 20 && key < full + 2_000_000 / length; key++) {
      owner.put(value(key, 4, length)).value();
    }
    assertWhole(owner, full, 4, length);
    assertThat(owner.check()).isEmpty();
    assertThat(owner.exit()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 600_000})
  void vacuum(long left) throws IOException {
    open();
    for (int key = 0; key < 200; key++) {
      owner.put(value(key, 1, 15_000)).value();
    }
    for (int key = 100; key < 200; key++) {
      owner.remove(key).value();
    }
    disk.fillBut(owner.jvm(), left);
    String refusal = owner.call("vacuum").refusal(BookException.Full.class);
    System.out.println("vacuum with " + left + " bytes left: " + refusal);
    assertThat(refusal).contains(file.toString()).contains("make room");
    assertThat(filesBesides("a.book", ".pagebook.locks", "filler")).isEmpty();
    assertWhole(owner, 100, 1, 15_000);
    for (int key = 0; key < 100; key++) {
      owner.put(value(key, 2, 15_000)).value();
    }
    assertThat(owner.check()).isEmpty();
    disk.makeRoom(owner.jvm());
    assertThat(Long.parseLong(owner.call("vacuum").value())).isGreaterThan(500_000);
    assertWhole(owner, 100, 2, 15_000);
    assertThat(owner.check()).isEmpty();
    assertThat(owner.exit()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 40_000})
  void creation(long left) throws IOException {
    disk.fillBut(owner.jvm(), left);
    String refusal = owner.openBook(file, BookOptions.DEFAULT).refusal(BookException.Full.class);
    System.out.println("creation with " + left + " bytes left: " + refusal);
    assertThat(refusal).contains(file.toString()).contains("make room");
    assertThat(filesBesides(".pagebook.locks", "filler")).isEmpty();
    disk.makeRoom(owner.jvm());
    open();
    owner.put(value(1, 1, 1_000_000)).value();
    assertThat(owner.check()).isEmpty();
  }

  /** The last piece of room is used, though it is smaller than the steps that a book grows in. */
  @Test
  void littleRoomIsRoom() {
    open();
    disk.fillBut(owner.jvm(), 100_000);
    long before = fileBytes();
    putUntilFull(0, 20_000);
    long after = fileBytes();
    System.out.println("of 100000 bytes left the book took " + (after - before));
    assertThat(after - before).isGreaterThan(60_000);
  }

  private long fileBytes() {
    return Long.parseLong(owner.call("fileBytes").value());
  }

  private String filesBesides(String... known) throws IOException {
    try (Stream<Path> files = Files.list(disk.seenThrough(owner.jvm()))) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> !java.util.List.of(known).contains(name))
          .toList()
          .toString()
          .replaceAll("^\\[]$", "");
    }
  }
}
