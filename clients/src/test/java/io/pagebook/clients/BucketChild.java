package io.pagebook.clients;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.grid.jcache.Bucket4jJCache;
import io.pagebook.testing.Parent;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.cache.Cache;

/** A JVM whose threads take tokens, one at a time, from a bucket of all JVMs until it is empty. */
final class BucketChild {
  static final long TOKENS = 10_000;

  private static final int THREADS = 2;

  private BucketChild() {}

  public static void main(String[] arguments) {
    Parent parent = Parent.connect();
    Cache<String, byte[]> cache = cache(URI.create(arguments[0]));
    Bucket bucket = bucket(cache);
    parent.say("ready");
    parent.hear();
    long consumed =
        Stream.generate(() -> CompletableFuture.supplyAsync(drain(bucket)))
            .limit(THREADS)
            .toList()
            .stream()
            .mapToLong(CompletableFuture::join)
            .sum();
    parent.say("done " + consumed);
    cache.getCacheManager().close();
  }

  static Cache<String, byte[]> cache(URI directory) {
    return SharedCaches.create(directory, "buckets", byte[].class);
  }

  /** The bucket that all share; it is not refilled while a test runs. */
  static Bucket bucket(Cache<String, byte[]> cache) {
    BucketConfiguration configuration =
        BucketConfiguration.builder()
            .addLimit(
                limit -> limit.capacity(TOKENS).refillIntervally(TOKENS, Duration.ofDays(1_000)))
            .build();
    return Bucket4jJCache.entryProcessorBasedBuilder(cache)
        .build()
        .builder()
        .build("bucket", () -> configuration);
  }

  private static Supplier<Long> drain(Bucket bucket) {
    return () -> {
      long consumed = 0;
      while (bucket.tryConsume(1)) {
        consumed++;
      }
      return consumed;
    };
  }
}
