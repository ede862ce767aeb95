package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The sample book of a format version, as it is checked in under {@code books/}: one record at
 * least of each shape that the format knows.
 *
 * <p>A sample is written once for each version and never again. For a new version: run {@link
 * #main} with {@code src/test/resources/books} of this module.
 */
final class SampleBook {
  static final String VERSION_6 = "format-6";

  /** In the year 2100. */
  private static final long EXPIRY_MILLIS = 4_102_444_800_000L;

  private static final int STRINGS = 400;
  private static final int BYTES_ID = 1000;
  private static final int[] LENGTHS = {0, 1, 1023, 1024, 1025, 5000, 32_768, 32_769, 60_000};
  private static final int WIDE_ID = -2;
  private static final int REPLACED_ID = 7;
  private static final int REMOVED_ID = 8;
  private static final int REMOVED_LARGE_ID = 2000;
  private static final int PROVIDER_TYPE = 200;
  private static final byte[] KEY = "a key of bytes".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LONG_KEY = pattern(300);

  private SampleBook() {}

  static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + i / 251 + length);
    }
    return bytes;
  }

  /** Unpacks the sample; its files stand in no directory yet. */
  static BookImage load(String version) throws IOException {
    return BookImage.of(
        unpack("/books/" + version + ".book.gz"), resource("/books/" + version + ".locks"));
  }

  private static byte[] unpack(String name) throws IOException {
    try (InputStream packed = stream(name);
        GZIPInputStream in = new GZIPInputStream(packed)) {
      return in.readAllBytes();
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = stream(name)) {
      return in.readAllBytes();
    }
  }

  private static InputStream stream(String name) {
    return Objects.requireNonNull(SampleBook.class.getResourceAsStream(name), name);
  }

  private static void fill(PageBook book) {
    for (int id = 0; id < STRINGS; id++) {
      book.putString(id, "string " + id);
    }
    book.putString(WIDE_ID, "\u20AC and \uD83D\uDCD6");
    for (int i = 0; i < LENGTHS.length; i++) {
      book.putBytes(BYTES_ID + i, pattern(LENGTHS[i]));
    }
    RecordBuffer buffer = new RecordBuffer();
    buffer.setKey(KEY);
    write(buffer, 50, EXPIRY_MILLIS);
    book.records().put(buffer);
    buffer.setKey(LONG_KEY);
    write(buffer, 40_000, EXPIRY_MILLIS + 1);
    book.records().put(buffer);
    book.putString(REPLACED_ID, "was longer than it is now");
    book.putString(REPLACED_ID, "replaced");
    book.remove(REMOVED_ID);
    book.putBytes(REMOVED_LARGE_ID, pattern(50_000));
    book.remove(REMOVED_LARGE_ID);
  }

  private static void write(RecordBuffer buffer, int length, long expiryMillis) {
    System.arraycopy(pattern(length), 0, buffer.startValue(length), 0, length);
    buffer.setType(PROVIDER_TYPE);
    buffer.setExpiryMillis(expiryMillis);
  }

  /** Fails unless the book holds just what the sample does. */
  static void verify(PageBook book) {
    for (int id = 0; id < STRINGS; id++) {
      String expected = id == REMOVED_ID ? null : id == REPLACED_ID ? "replaced" : "string " + id;
      assertThat(book.getString(id)).isEqualTo(expected);
    }
    assertThat(book.getString(WIDE_ID)).isEqualTo("\u20AC and \uD83D\uDCD6");
    for (int i = 0; i < LENGTHS.length; i++) {
      TestBytes.assertSame(
          book.getBytes(BYTES_ID + i), pattern(LENGTHS[i]), "length " + LENGTHS[i]);
    }
    verify(book, KEY, 50, EXPIRY_MILLIS);
    verify(book, LONG_KEY, 40_000, EXPIRY_MILLIS + 1);
    assertThat(book.contains(REMOVED_LARGE_ID)).isFalse();
    assertThat(book.count()).isEqualTo(STRINGS - 1 + 1 + LENGTHS.length + 2);
    assertThat(book.pageSizeBytes()).isEqualTo(1024);
  }

  private static void verify(PageBook book, byte[] key, int length, long expiryMillis) {
    RecordBuffer buffer = new RecordBuffer();
    buffer.setKey(key);
    assertThat(book.records().get(buffer)).isTrue();
    assertThat(buffer.type()).isEqualTo(PROVIDER_TYPE);
    assertThat(buffer.expiryMillis()).isEqualTo(expiryMillis);
    TestBytes.assertSame(
        Arrays.copyOf(buffer.value(), buffer.valueLength()), pattern(length), "length " + length);
  }

  /** Writes the sample of this code's version into a directory. */
  public static void main(String[] args) throws IOException {
    Path work = Files.createTempDirectory("pagebook-sample-");
    Path file = work.resolve("sample");
    try (PageBook book =
        PageBook.open(file, BookOptions.DEFAULT.withPageSizeBytes(1024).withShards(1))) {
      fill(book);
      verify(book);
    }
    BookImage image = BookImage.read(file).fromAnotherBoot();
    Path target = Path.of(args[0]);
    Files.createDirectories(target);
    try (OutputStream out = Files.newOutputStream(target.resolve(VERSION_6 + ".book.gz"));
        GZIPOutputStream packed = new GZIPOutputStream(out)) {
      packed.write(image.bytes());
    }
    Files.write(target.resolve(VERSION_6 + ".locks"), image.sideFile());
  }
}
