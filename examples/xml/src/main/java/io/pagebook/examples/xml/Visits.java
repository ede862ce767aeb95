package io.pagebook.examples.xml;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Objects;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;

/**
 * Greets whom it is told to, and counts, over all processes that ever did. Nothing here is
 * Pagebook's: the caches and their settings stand in {@code caches.xml}.
 */
public final class Visits {
  private Visits() {}

  /** Takes names; without any, greets the world. */
  public static void main(String[] args) throws URISyntaxException {
    List<String> names = args.length == 0 ? List.of("world") : List.of(args);
    URI document = Objects.requireNonNull(Visits.class.getResource("/caches.xml")).toURI();
    try (CacheManager manager =
        Caching.getCachingProvider().getCacheManager(document, Visits.class.getClassLoader())) {
      System.out.println("caches: " + String.join(", ", manager.getCacheNames()));
      Cache<String, Integer> visits = manager.getCache("visits", String.class, Integer.class);
      Cache<String, Integer> lengths = manager.getCache("lengths", String.class, Integer.class);
      for (String name : names) {
        int visit = visits.invoke(name, (entry, arguments) -> increment(entry));
        System.out.println(
            "hello " + name + ": visit " + visit + ", " + lengths.get(name) + " letters");
      }
    }
  }

  /** Atomic for its key, in all processes. */
  private static int increment(javax.cache.processor.MutableEntry<String, Integer> entry) {
    int count = entry.exists() ? entry.getValue() + 1 : 1;
    entry.setValue(count);
    return count;
  }
}
