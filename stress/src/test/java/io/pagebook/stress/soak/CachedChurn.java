package io.pagebook.stress.soak;

import io.pagebook.book.PageBook;
import io.pagebook.jcache.InsideCache;
import io.pagebook.testing.CheckedValue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import javax.cache.Cache;
import javax.cache.Caching;

/**
 * As {@link Churn}, through a cache with a near-cache, whose entries expire: mostly reads, of fewer
 * keys than there are and more than the near-cache holds. Its book lies beside the other one.
 */
final class CachedChurn implements AutoCloseable {
  private static final String DOCUMENT = "caches.xml";
  private static final String CACHE = "cached";
  private static final int KEYS = 2000;
  private static final int LONGEST = 5000;

  private final Cache<Integer, byte[]> cache;
  private final SplittableRandom random;
  private long nearHits;
  private long sequence;
  private long hits;

  private CachedChurn(Cache<Integer, byte[]> cache, SplittableRandom random) {
    this.cache = cache;
    this.random = random;
  }

  /** Writes the configuration into the directory in which all of it happens. */
  static void configure(Path directory) throws IOException {
    Files.writeString(
        directory.resolve(DOCUMENT),
        String.format(
            Locale.ROOT,
            """
        <pagebook xmlns="urn:pagebook:config:1">
          <directory path="%s"/>
          <cache name="%s" key-type="java.lang.Integer" value-type="byte[]">
            <expiry><modified after="3s"/></expiry>
            <near-cache max-entries="500" immutable-values="true"/>
          </cache>
        </pagebook>
        """,
            directory,
            CACHE));
  }

  static CachedChurn open(Path directory, SplittableRandom random) {
    URI document = directory.resolve(DOCUMENT).toUri();
    Cache<Integer, byte[]> cache =
        Caching.getCachingProvider()
            .getCacheManager(document, null)
            .getCache(CACHE, Integer.class, byte[].class);
    return new CachedChurn(cache, random);
  }

  void step() {
    int key = random.nextInt(KEYS);
    switch (random.nextInt(20)) {
      case 0 -> cache.remove(key);
      case 1, 2, 3 -> cache.put(key, value(key));
      case 4, 5 -> {
        read(key);
        read(key);
      }
      default -> read(key);
    }
  }

  private void read(int key) {
    long before = InsideCache.nearBookReads(cache);
    byte[] found = cache.get(key);
    if (found != null) {
      CheckedValue.decode(key, found);
      hits++;
      nearHits += InsideCache.nearBookReads(cache) == before ? 1 : 0;
    }
  }

  private byte[] value(int key) {
    int length = CheckedValue.MIN_LENGTH + random.nextInt(LONGEST);
    return new CheckedValue(key, 0, sequence++, length).encode();
  }

  /** Values found so far. */
  long hits() {
    return hits;
  }

  /** Those of them that the near-cache had. */
  long nearHits() {
    return nearHits;
  }

  PageBook book() {
    return cache.unwrap(PageBook.class);
  }

  @Override
  public void close() {
    cache.getCacheManager().close();
  }
}
