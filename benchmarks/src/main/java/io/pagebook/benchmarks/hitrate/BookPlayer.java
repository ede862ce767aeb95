package io.pagebook.benchmarks.hitrate;

import io.pagebook.book.BookOptions;
import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.ValueType;
import java.nio.file.Path;

/** The real book, bounded in entries. */
final class BookPlayer implements Player {
  private static final int VALUE_BYTES = 32;

  private final PageBook book;
  private final RecordBuffer buffer = new RecordBuffer();

  BookPlayer(Path directory, int capacity) {
    this.book =
        PageBook.open(
            directory.resolve("hit-rate-" + capacity + ".book"),
            BookOptions.DEFAULT.withMaximumEntries(capacity).withOnFull(BookOptions.OnFull.EVICT));
  }

  @Override
  public boolean access(int key) {
    byte[] bytes = buffer.startKey(Integer.BYTES);
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[i] = (byte) (key >>> (i * Byte.SIZE));
    }
    boolean hit = book.records().get(buffer);
    if (!hit) {
      buffer.startValue(VALUE_BYTES);
      buffer.setType(ValueType.BYTES);
      buffer.setExpiryMillis(RecordBuffer.NEVER);
      book.records().put(buffer);
    }
    return hit;
  }

  @Override
  public void close() {
    Path file = book.file();
    book.close();
    PageBook.destroy(file);
  }
}
