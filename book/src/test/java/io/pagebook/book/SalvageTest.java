package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.layout.BucketLayout;
import io.pagebook.book.layout.ShardLayout;
import io.pagebook.book.layout.SideFileLayout;
import io.pagebook.book.process.SideFile;
import io.pagebook.testing.CheckedBooks;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is served of a book after the machine has stopped. */
final class SalvageTest {
  private static final String OLD = "an old value, of some length";
  private static final String NEW = "the newer one, of that length";
  private static final int SHARDS = 2;
  private static final int COUNT = 100;
  private static final int MANY = 60_000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private Path file;

  @BeforeEach
  void name() {
    file = books.file("a.book");
  }

  private int idOfShard(PageBook book, int shard) {
    for (int id = 1; ; id++) {
      RecordBuffer key = new RecordBuffer();
      key.setId(id);
      BookFile served = book.openBook().file();
      if (served.shardIndexOf(served.hash(key)) == shard) {
        return id;
      }
    }
  }

  /**
   * The index of another shard reached the disk with a slot that its page did not: where that
   * leads, an older record of a key stands as it did.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void slotThatLeadsToAnOlderRecordOfAnotherKey(boolean replaced) throws IOException {
    int id;
    try (PageBook book = books.open("a.book", BookOptions.DEFAULT.withShards(SHARDS))) {
      id = idOfShard(book, 0);
      book.putString(id, OLD);
    }
    BookImage image = BookImage.read(file);
    long chunk = image.geometry().shard(0) + ShardLayout.FIRST_CHUNK_OFFSET;
    long record = 0;
    for (long at = chunk; record == 0; at += Long.BYTES) {
      boolean meta = at % BucketLayout.BUCKET_BYTES == BucketLayout.META_OFFSET;
      record = meta ? 0 : BucketLayout.position(image.get(at));
    }
    long older = image.get(record); // only its head says that a record is dead
    try (PageBook book = books.open("a.book")) {
      if (replaced) {
        book.putString(id, NEW);
      } else {
        book.remove(id);
      }
    }
    image = BookImage.read(file).fromAnotherBoot();
    image.put(
        image.geometry().shard(1) + ShardLayout.FIRST_CHUNK_OFFSET + BucketLayout.FIRST_SLOT_OFFSET,
        BucketLayout.slot(0x123456, record));
    image.put(record, older);
    Files.write(file, image.bytes());
    PageBook book = books.open("a.book");
    assertThat(book.getString(id)).isEqualTo(replaced ? NEW : null);
    assertThat(book.count()).isEqualTo(replaced ? 1 : 0);
  }

  /** Of this one nothing but the header is left; salvaging it would fail. */
  @Test
  void destroyedAsItIs() throws IOException {
    books.open("a.book").close();
    BookHeader header = BookHeader.read(file);
    Path left = Files.createFile(books.file(NewFile.copyName(header.bookId())));
    byte[] bytes = BookImage.read(file).fromAnotherBoot().bytes();
    Files.write(file, Arrays.copyOf(bytes, header.pageBytes()));
    assertThat(PageBook.destroy(file)).isTrue();
    assertThat(file).doesNotExist();
    assertThat(left).doesNotExist();
    assertThat(PageBook.destroy(file)).isFalse();
  }

  /** One that was stopped while it verified the book, say. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whoGetsNoFurtherIsNotWaitedForWithoutEnd() throws IOException {
    try (PageBook book = books.open("a.book")) {
      book.putString(1, OLD);
    }
    long right = SideFileLayout.maintenancePosition(BookHeader.read(file).bookId());
    Files.write(file, BookImage.read(file).fromAnotherBoot().bytes());
    BookOptions impatient = BookOptions.DEFAULT.withLockTimeout(Duration.ofMillis(200));
    try (SideFile sideFile = SideFile.open(books.directory(), false)) {
      assertThat(sideFile.tryLock(right)).isTrue();
      assertThatThrownBy(() -> PageBook.open(file, impatient))
          .isInstanceOf(BookException.LockTimeout.class)
          .hasMessageContaining(file.toString());
      sideFile.unlock(right);
    }
    assertThat(books.open("a.book").getString(1)).isEqualTo(OLD);
  }

  /** The page count reached the disk, and what it counts did not. */
  @Test
  void endThatIsMissing() throws IOException {
    try (PageBook book = books.open("a.book")) {
      for (int id = 0; id < COUNT; id++) {
        book.putString(id, OLD);
      }
    }
    long length = Files.size(file);
    try (PageBook book = books.open("a.book")) {
      for (int id = COUNT; id < MANY; id++) {
        book.putString(id, NEW);
      }
    }
    Files.write(file, BookImage.read(file).fromAnotherBoot().bytes());
    try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
      cut.setLength(length);
    }
    PageBook book = books.open("a.book");
    assertThat(book.created()).isFalse();
    for (int id = 0; id < COUNT; id++) {
      assertThat(book.getString(id)).isIn(OLD, null);
    }
    assertThat(book.count()).isLessThan(MANY);
    book.putString(1, NEW);
    assertThat(book.getString(1)).isEqualTo(NEW);
  }
}
