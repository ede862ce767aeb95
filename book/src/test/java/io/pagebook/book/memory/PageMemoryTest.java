package io.pagebook.book.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

  /**
   * What another process added in steps is mapped in others here: no part of a piece is left out.
   */
  @Test
  void aCoveredPieceIsUsableInAllItsParts() throws IOException {
    SplittableRandom random = Seeds.random("PageMemoryTest parts");
    for (int round = 0; round < 6; round++) {
      Files.write(file, new byte[PAGE]);
      try (PageMemory grower = PageMemory.open(file)) {
        grower.appendZerosTo(PAGE * random.nextLong(1, 3000));
        try (PageMemory memory = PageMemory.open(file)) {
          for (int step = 0; step < 8; step++) {
            long length = grower.mappedLength() + PAGE * random.nextLong(1, 1200);
            grower.appendZerosTo(length);
            assertThat(grower.ensureCovers(length - 1, 1)).isTrue();
            if (random.nextBoolean()) {
              assertThat(memory.ensureCovers(length - 1, 1)).isTrue();
            }
            for (int i = 0; i < 10; i++) {
              usableInAllItsParts(memory, random, length);
            }
          }
        }
      }
    }
  }

  private static void usableInAllItsParts(PageMemory memory, SplittableRandom random, long length) {
    long from = PAGE * random.nextLong(length / PAGE);
    long bytes = Math.min(length - from, PAGE * random.nextLong(1, 4000));
    assertThat(memory.ensureCovers(from, bytes)).isTrue();
    byte[] piece = new byte[(int) bytes];
    random.nextBytes(piece);
    int parts = random.nextInt(1, 5);
    for (int part = 0; part < parts; part++) {
      int begin = (int) (bytes * part / parts);
      int end = (int) (bytes * (part + 1) / parts);
      memory.copyIn(from + begin, piece, begin, end - begin);
    }
    for (long at = from; at < from + bytes; at += WINDOW_STEP / 8) {
      memory.putLongRelease(at, memory.getLongAcquire(at));
    }
    byte[] copy = new byte[piece.length];
    memory.copyOut(from, copy, 0, copy.length);
    assertThat(Arrays.equals(copy, piece)).isTrue();
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
