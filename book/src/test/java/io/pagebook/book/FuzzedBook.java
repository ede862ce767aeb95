package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.Geometry;
import io.pagebook.book.layout.ShardLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A small book of known content that has some of everything: small and large values, overflow
 * buckets, expired records, two shards, free pages, dead places. Its bytes are what the fuzzer
 * damages.
 */
final class FuzzedBook {
  static final int SMALL = 500;
  static final int LARGE = 6;
  static final int KEYED = 20;
  static final BookOptions OPTIONS = BookOptions.DEFAULT.withShards(2).withPageSizeBytes(1024);
  private static final int SHARDS = 2;
  private static final long HASH_SEED = 0x5EED;
  private static final long LONG_AGO = 1_000_000;
  private static final long NOT_SOON = 100_000_000_000_000L; // in the year 5138
  private static final long BOUND_BYTES = 2L << 20;

  private final BookImage image;
  private final Map<ByteBuffer, byte[]> content;

  private FuzzedBook(BookImage image, Map<ByteBuffer, byte[]> content) {
    this.image = image;
    this.content = content;
  }

  BookImage image() {
    return image;
  }

  /** Keys as bytes, IDs as their four; values as they were written last. */
  Map<ByteBuffer, byte[]> content() {
    return content;
  }

  /** Writes the book and reads its bytes. */
  static FuzzedBook write(Path file, boolean bounded) throws IOException {
    BookOptions options =
        bounded
            ? OPTIONS
                .withMaximumSizeBytes(BOUND_BYTES)
                .withMaximumEntries(4 * SMALL)
                .withOnFull(BookOptions.OnFull.EVICT)
            : OPTIONS;
    Map<ByteBuffer, byte[]> content = new HashMap<>();
    PageBook.open(file, options).close();
    BookImage empty = BookImage.read(file); // the same seed, the same places in every run
    empty
        .put(BookLayout.HASH_SEED_OFFSET, HASH_SEED)
        .sealed()
        .write(file.getParent(), file.getFileName().toString());
    try (PageBook book = PageBook.open(file, options)) {
      RecordBuffer buffer = new RecordBuffer();
      for (int id = 1; id <= SMALL + LARGE; id++) {
        for (int round = 0; round < (id % 5 == 0 ? 2 : 1); round++) { // some leave dead places
          byte[] value = value(id, round);
          buffer.setId(id);
          buffer.wrapValue(value, value.length);
          buffer.setType(ValueType.BYTES);
          buffer.setExpiryMillis(expiryOf(key(id)));
          book.records().put(buffer);
          content.put(key(id), value);
        }
      }
      for (int i = 0; i < KEYED; i++) {
        buffer.setKey(TestBytes.of(i, 5 + 17 * i));
        buffer.wrapValue(TestBytes.of(-i, 30 * i), 30 * i);
        buffer.setType(ValueType.BYTES);
        buffer.setExpiryMillis(RecordBuffer.NEVER);
        book.records().put(buffer);
        content.put(
            ByteBuffer.wrap(Arrays.copyOf(buffer.key(), buffer.keyLength())),
            TestBytes.of(-i, 30 * i));
      }
      int freed = SMALL + 2;
      book.remove(freed);
      content.remove(key(freed));
      content.keySet().removeIf(known -> !isThere(book, known)); // expired ones may be swept
      assertThat(overflowBuckets(book)).as("overflow buckets").isPositive();
      assertThat(content).hasSizeGreaterThan(SMALL / 2);
    }
    return new FuzzedBook(BookImage.read(file), content);
  }

  private static boolean isThere(PageBook book, ByteBuffer key) {
    RecordBuffer buffer = new RecordBuffer();
    setKey(buffer, key);
    return book.records().find(buffer);
  }

  private static long overflowBuckets(PageBook book) {
    long sum = 0;
    for (int i = 0; i < SHARDS; i++) {
      sum +=
          Inside.memory(book)
              .getLongPlain(Inside.shardAt(book, i) + ShardLayout.OVERFLOW_COUNT_OFFSET);
    }
    return sum;
  }

  static byte[] value(int id, int round) {
    return TestBytes.of(id * 31L + round, id > SMALL ? 3_000 * (id - SMALL) : 24 + id % 60);
  }

  /** Whether the record expired before it was written. */
  static boolean isExpired(ByteBuffer key) {
    return key.capacity() == Integer.BYTES && key.getInt(0) % 14 == 0;
  }

  /** When the record expires, as it was written. */
  static long expiryOf(ByteBuffer key) {
    if (key.capacity() != Integer.BYTES || key.getInt(0) % 7 != 0) {
      return RecordBuffer.NEVER;
    }
    return isExpired(key) ? LONG_AGO : NOT_SOON;
  }

  static ByteBuffer key(int id) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(0, id);
  }

  static void setKey(RecordBuffer buffer, ByteBuffer key) {
    if (key.capacity() == Integer.BYTES) {
      buffer.setId(key.getInt(0));
    } else {
      byte[] bytes = new byte[key.capacity()];
      key.get(0, bytes);
      buffer.setKey(bytes);
    }
  }

  static ByteBuffer keyOf(RecordBuffer buffer) {
    return buffer.keyIsId()
        ? key(buffer.id())
        : ByteBuffer.wrap(Arrays.copyOf(buffer.key(), buffer.keyLength()));
  }

  /** Every position whose byte is structure: all but values, and zeros that nobody uses. */
  List<Integer> metadata() {
    Geometry geometry = image.geometry();
    Set<Integer> positions = new TreeSet<>();
    addAll(positions, 0, geometry.slot(3)); // header, generations, the first slots
    addAll(positions, geometry.slot(BookLayout.SLOTS - 1), geometry.stripe(16));
    addAll(positions, geometry.shard(0), geometry.position(geometry.headerPages()));
    addAll(positions, geometry.mapWord(0), geometry.mapWord(image.pageCount()));
    for (long at = geometry.position(geometry.firstDataPage(0)); at < image.size(); at += 8) {
      if (image.get(at) != 0) {
        addAll(positions, at, at + 8); // chunks, segments, record headers, extents, and values
      }
    }
    return new ArrayList<>(positions);
  }

  private static void addAll(Set<Integer> positions, long from, long to) {
    for (long at = from; at < to; at++) {
      positions.add((int) at);
    }
  }
}
