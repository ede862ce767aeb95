package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.layout.RecordLayout;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A flipped bit of a record costs that record and no other, and costs it openly: what is not the
 * value that was written is a miss, and the miss is counted.
 */
@Timeout(120)
final class DamagedRecordTest {
  private static final int SMALL = 11;
  private static final int EXPIRING = 7;
  private static final int DEAD_NEIGHBOUR = 10; // replaced once: its first place is dead
  private static final int LARGE = FuzzedBook.SMALL + FuzzedBook.LARGE;
  private static final int LARGE_SAMPLES = 50;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inSharedMemory();
  private final SplittableRandom random = Seeds.random("DamagedRecordTest");
  private FuzzedBook base;
  private Path directory;
  private int number;
  private int counted;

  @Test
  void costsThatRecordAndIsCounted() throws IOException {
    everyByte(false);
    assertThat(counted).isPositive();
  }

  @Test
  void verificationAfterARebootTakesOutThatRecordAlone() throws IOException {
    everyByte(true);
  }

  private void everyByte(boolean rebooted) throws IOException {
    directory = Files.createDirectory(books.directory().resolve("damaged"));
    base = FuzzedBook.write(directory.resolve("base.book"), false);
    for (int id : new int[] {SMALL, EXPIRING, DEAD_NEIGHBOUR}) {
      byte[] value = base.content().get(FuzzedBook.key(id));
      long from = base.image().find(value) - Integer.BYTES - RecordLayout.FIXED_BYTES;
      long head = id == EXPIRING ? from - Long.BYTES : from;
      for (long at = head;
          at < from + RecordLayout.FIXED_BYTES + Integer.BYTES + value.length;
          at++) {
        damage(id, at, rebooted);
      }
    }
    byte[] large = base.content().get(FuzzedBook.key(LARGE));
    long from = base.image().find(Arrays.copyOf(large, 64));
    for (int i = 0; i < LARGE_SAMPLES; i++) {
      damage(LARGE, from + random.nextInt(large.length), rebooted);
    }
    System.out.println("damaged=" + number + ", counted misses=" + counted);
  }

  private void damage(int id, long at, boolean rebooted) throws IOException {
    BookImage image = base.image().copy();
    int bit = random.nextInt(8);
    image.flip(at, bit);
    if (rebooted) {
      image.fromAnotherBoot();
    }
    String name = "damaged " + number++ + ".book";
    Path file = image.write(directory, name);
    String what = "id=" + id + ", at=" + at + ", bit=" + bit;
    try (PageBook book = PageBook.open(file)) {
      RecordBuffer buffer = new RecordBuffer();
      for (Map.Entry<ByteBuffer, byte[]> entry : base.content().entrySet()) {
        if (rebooted && FuzzedBook.isExpired(entry.getKey())) {
          continue; // verification leaves them out
        }
        FuzzedBook.setKey(buffer, entry.getKey());
        boolean damaged = entry.getKey().equals(FuzzedBook.key(id));
        long before = book.records().damagedRecords();
        boolean found = book.records().get(buffer);
        if (found) {
          assertThat(buffer.expiryMillis())
              .as("%s: expiry of %s", what, entry.getKey())
              .isEqualTo(FuzzedBook.expiryOf(entry.getKey()));
          assertThat(Arrays.copyOf(buffer.value(), buffer.valueLength()))
              .as("%s: value of %s", what, entry.getKey())
              .isEqualTo(entry.getValue());
        } else {
          assertThat(damaged).as("%s: %s is missing", what, entry.getKey()).isTrue();
          if (!rebooted) {
            assertThat(book.records().damagedRecords()).as(what).isGreaterThan(before);
            counted++;
          }
        }
      }
      if (rebooted) {
        assertThat(BookChecker.check(file).violations()).as(what).isEmpty();
      }
    }
    Files.delete(file);
  }
}
