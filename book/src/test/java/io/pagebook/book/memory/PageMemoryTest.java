package io.pagebook.book.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that grows under several mappings is one row of bytes all the same. */
final class PageMemoryTest {
  private static final int PAGE = 4096;
  private static final long WINDOW_STEP = 4L << 20;

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void create() throws IOException {
    file = Files.write(directory.resolve("a.book"), new byte[PAGE]);
  }

  @Test
  void allOfAGrowingFileIsCoveredInPiecesOfAnyPlaceAndLength() throws IOException {
    SplittableRandom random = Seeds.random("PageMemoryTest");
    try (PageMemory memory = PageMemory.open(file)) {
      long length = PAGE;
      while (length < 5 * WINDOW_STEP) {
        length += PAGE * random.nextLong(1, 400);
        memory.appendZerosTo(length);
        assertThat(memory.ensureCovers(length - 1, 1)).isTrue();
        assertThat(memory.mappedLength()).isEqualTo(length);
        for (int i = 0; i < 20; i++) {
          copiedAsWritten(memory, random, length);
        }
      }
      long[] damagedPositions = {length, length - 1, Long.MAX_VALUE, Long.MIN_VALUE, -Long.BYTES};
      for (long position : damagedPositions) {
        assertThat(memory.ensureCovers(position, 2)).isFalse();
        assertThat(memory.ensureCovers(position, Long.MAX_VALUE)).isFalse();
      }
      assertThat(memory.ensureCovers(0, length + 1)).isFalse();
    }
  }

  /** Stores at both ends and in the middle of a piece, and finds that in a copy of all of it. */
  private static void copiedAsWritten(PageMemory memory, SplittableRandom random, long length) {
    long from = random.nextLong(length / Long.BYTES) * Long.BYTES;
    int bytes = (int) random.nextLong(Long.BYTES, length - from + 1) & -Long.BYTES;
    assertThat(memory.ensureCovers(from, bytes)).isTrue();
    long[] offsets = {0, bytes / 2 & -Long.BYTES, bytes - Long.BYTES};
    for (long offset : offsets) {
      memory.putLongPlain(from + offset, from ^ offset);
    }
    byte[] copy = new byte[bytes];
    memory.copyOut(from, copy, 0, bytes);
    ByteBuffer words = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
    for (long offset : offsets) {
      assertThat(words.getLong((int) offset)).isEqualTo(from ^ offset);
    }
  }

  @Test
  void whatWasStoredThroughOneMappingIsThereInTheNextAndInTheFile() throws IOException {
    try (PageMemory memory = PageMemory.open(file);
        PageMemory other = PageMemory.open(file)) {
      long across = WINDOW_STEP - PAGE;
      memory.appendZerosTo(WINDOW_STEP + PAGE);
      assertThat(memory.ensureCovers(across, 2 * PAGE)).isTrue();
      memory.putLongVolatile(across, 1);
      memory.appendZerosTo(2 * WINDOW_STEP);
      assertThat(memory.covers(across, 4 * PAGE)).isFalse(); // the earlier mapping ends before
      assertThat(memory.ensureCovers(across, 4 * PAGE)).isTrue();
      assertThat(memory.getLongVolatile(across)).isEqualTo(1);
      memory.putLongVolatile(across + 3 * PAGE, 2);
      assertThat(other.ensureCovers(across, 4 * PAGE)).isTrue();
      assertThat(other.getLongVolatile(across)).isEqualTo(1);
      assertThat(other.getLongVolatile(across + 3 * PAGE)).isEqualTo(2);
      memory.force();
      byte[] stored = Files.readAllBytes(file);
      assertThat(stored[(int) across]).isEqualTo((byte) 1);
      assertThat(stored[(int) across + 3 * PAGE]).isEqualTo((byte) 2);
    }
  }
}
