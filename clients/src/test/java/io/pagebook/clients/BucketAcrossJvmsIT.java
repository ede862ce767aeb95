package io.pagebook.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.ChildJvm;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bucket4j's own entry processors from several JVMs on one key lose nothing and give nothing twice.
 */
class BucketAcrossJvmsIT {
  private static final int JVMS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory;

  @Test
  void theSumOfBucketsOwnCheckIsExact() {
    URI uri = directory.toUri();
    Cache<String, Integer> cache = BucketCheckChild.cache(uri);
    cache.put(BucketCheckChild.KEY, 0);

    run(BucketCheckChild.class);

    assertThat(cache.get(BucketCheckChild.KEY)).isEqualTo(JVMS * BucketCheckChild.ROUNDS);
    cache.getCacheManager().close();
  }

  @Test
  void oneBucketGivesEachTokenOnce() {
    List<Long> consumed = run(BucketChild.class);

    assertThat(consumed).allSatisfy(tokens -> assertThat(tokens).isPositive());
    assertThat(consumed.stream().mapToLong(Long::longValue).sum()).isEqualTo(BucketChild.TOKENS);
    Cache<String, byte[]> cache = BucketChild.cache(directory.toUri());
    assertThat(BucketChild.bucket(cache).getAvailableTokens()).isZero();
    cache.getCacheManager().close();
  }

  /** Starts the JVMs together and returns the figure with which each is done. */
  private List<Long> run(Class<?> child) {
    List<ChildJvm> children = new ArrayList<>();
    try {
      for (int i = 0; i < JVMS; i++) {
        children.add(ChildJvm.of(child).arguments(directory.toUri()).start());
      }
      children.forEach(each -> each.awaitLine("ready", PATIENCE));
      long start = System.nanoTime();
      children.forEach(each -> each.send("go"));
      List<Long> done =
          children.stream()
              .map(each -> each.awaitLine("done ", PATIENCE).substring("done ".length()))
              .map(Long::valueOf)
              .toList();
      System.out.println(
          child.getSimpleName()
              + ": each of "
              + JVMS
              + " JVMs had "
              + done
              + " rounds, timeMs="
              + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      for (ChildJvm each : children) {
        assertThat(each.awaitEnd(PATIENCE)).isZero();
        assertThat(each.stderrLines()).isEmpty();
      }
      return done;
    } finally {
      children.forEach(ChildJvm::close);
    }
  }
}
