package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads of one JVM write and read one book through two near-caches. */
class NearCacheConcurrencyTest extends CacheTestBase {
  private static final int KEYS = 8;
  private static final int WRITES = 10_000;

  @TempDir Path directory;

  /** The last write of each key that has returned. */
  private final AtomicLongArray written = new AtomicLongArray(KEYS);

  private volatile boolean stop;

  @Test
  void noReadSeesAnOldValue() {
    try (PageBookCacheManager one = NearManagers.create(provider, directory);
        PageBookCacheManager other = NearManagers.create(provider, directory)) {
      List<PageBookCache<String, Long>> caches =
          List.of(
              one.createCache("c", new MutableConfiguration<>()),
              other.createCache("c", new MutableConfiguration<>()));
      List<CompletableFuture<Long>> readers = new ArrayList<>();
      List<CompletableFuture<Void>> writers = new ArrayList<>();
      for (int i = 0; i < caches.size(); i++) {
        int half = i;
        readers.add(async(() -> read(caches)));
        writers.add(run(() -> write(caches.get(half), half)));
      }
      assertThat(CompletableFuture.allOf(writers.toArray(CompletableFuture<?>[]::new)))
          .succeedsWithin(2, TimeUnit.MINUTES);
      stop = true;
      long reads = 0;
      for (CompletableFuture<Long> reader : readers) {
        assertThat(reader).succeedsWithin(1, TimeUnit.MINUTES);
        reads += reader.join();
      }
      long bookReads = caches.get(0).nearBookReads() + caches.get(1).nearBookReads();
      System.out.println("near-caches in one JVM: reads=" + reads + ", of the book=" + bookReads);
      for (int key = 0; key < KEYS; key++) {
        assertThat(caches.get(0).get("key " + key)).isEqualTo(WRITES);
        assertThat(caches.get(1).get("key " + key)).isEqualTo(WRITES);
      }
    }
  }

  /** Writes the even keys or the odd ones. */
  private void write(PageBookCache<String, Long> cache, int half) {
    for (long n = 1; n <= WRITES; n++) {
      for (int key = half; key < KEYS; key += 2) {
        cache.put("key " + key, n);
        written.set(key, n);
      }
    }
  }

  private long read(List<PageBookCache<String, Long>> caches) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long[] seen = new long[KEYS];
    long reads = 0;
    while (!stop) {
      int key = random.nextInt(KEYS);
      long least = Math.max(written.get(key), seen[key]);
      Long value = caches.get(random.nextInt(2)).get("key " + key);
      if (least > 0 && (value == null || value < least)) {
        throw new AssertionError("old value: key=" + key + ", value=" + value + ", least=" + least);
      }
      seen[key] = value == null ? 0 : value;
      reads++;
    }
    return reads;
  }
}
