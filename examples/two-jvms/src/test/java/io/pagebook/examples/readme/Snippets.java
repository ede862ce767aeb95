package io.pagebook.examples.readme;

import io.pagebook.book.PageBook;
import java.nio.file.Path;
import java.time.Duration;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * The Java code of README.md: each block there stands here too, between {@code snippet} and {@code
 * end}, and so compiles and runs.
 */
final class Snippets {
  private Snippets() {}

  static @Nullable String shareACache(Path directory) {
    // snippet
    CachingProvider provider = Caching.getCachingProvider();
    CacheManager manager = provider.getCacheManager(directory.toUri(), null);
    Cache<Integer, String> cache = manager.getCache("orders", Integer.class, String.class);
    if (cache == null) { // no part of this process has opened it yet
      var types = new MutableConfiguration<Integer, String>().setTypes(Integer.class, String.class);
      cache = manager.createCache("orders", types); // creates it, or attaches to what is there
    }
    cache.put(1, "one pot of tea"); // seen at once by every process that opens the directory
    String order = cache.get(1);
    // end
    manager.close();
    return order;
  }

  @SuppressWarnings("try") // the lock is held, not used
  static @Nullable String useABook(Path directory) {
    // snippet
    try (PageBook book = PageBook.open(directory.resolve("greetings"))) {
      book.putString(7, "good morning");
      book.putBytes(8, new byte[10_000_000]);
      String greeting = book.getString(7);
      try (PageBook.BookLock all = book.lockForWriting(Duration.ofSeconds(1))) {
        book.putString(7, greeting + ", all"); // until the lock is closed nobody else writes
      }
    }
    // end
    try (PageBook book = PageBook.open(directory.resolve("greetings"))) {
      return book.getString(7);
    }
  }
}
