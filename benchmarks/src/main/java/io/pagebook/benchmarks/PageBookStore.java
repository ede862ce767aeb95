package io.pagebook.benchmarks;

import io.pagebook.book.PageBook;
import java.nio.file.Path;
import java.time.Duration;
import java.util.PrimitiveIterator;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The key-value store, with its defaults; the key is the ID. An update takes the book-wide lock,
 * the only one that it has.
 */
final class PageBookStore<V> implements Store<V> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final PageBook book;
  private final ValueForm<V> form;

  PageBookStore(Path directory, Shape<V> shape) {
    book = PageBook.open(file(directory));
    form = shape.form();
  }

  /** The file of a book in {@code directory}. */
  static Path file(Path directory) {
    return directory.resolve("benchmark.book");
  }

  @Override
  public @Nullable V get(long key) {
    return form.read(book, (int) key);
  }

  @Override
  public void put(long key, V value) {
    form.write(book, (int) key, value);
  }

  @Override
  public void update(long key, UnaryOperator<V> change) {
    PageBook.BookLock lock = book.lockForWriting(PATIENCE);
    try {
      V value = get(key);
      if (value != null) {
        put(key, change.apply(value));
      }
    } finally {
      lock.close();
    }
  }

  @Override
  public void forEach(Consumer<V> visitor) {
    PrimitiveIterator.OfInt ids = book.ids();
    while (ids.hasNext()) {
      V value = get(ids.nextInt());
      if (value != null) {
        visitor.accept(value);
      }
    }
  }

  @Override
  public void close() {
    book.close();
  }
}
