package io.pagebook.benchmarks;

import io.pagebook.book.PageBook;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The key-value store, with its defaults; the key is the ID. */
final class PageBookStore implements Store {
  private final PageBook book;

  PageBookStore(Path directory) {
    book = PageBook.open(file(directory));
  }

  /** The file of a book in {@code directory}. */
  static Path file(Path directory) {
    return directory.resolve("benchmark.book");
  }

  @Override
  public @Nullable String get(long key) {
    return book.getString((int) key);
  }

  @Override
  public void put(long key, String value) {
    book.putString((int) key, value);
  }

  @Override
  public void close() {
    book.close();
  }
}
