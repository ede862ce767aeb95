package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.cache.Cache;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Read-modify-write by entry processor in several JVMs loses nothing. */
class ProcessorsAcrossJvmsIT extends CacheTestBase {
  private static final int JVMS = 4;
  private static final int ROUNDS = 3_000;

  /** More than all processors add, and as many puts as there is room for above it. */
  private static final int MARK = 100_000;

  private static final int MARKS = Integer.MAX_VALUE / MARK - 1;

  /** A processor has changed what was put so often: it is no longer a matter of luck. */
  private static final int ENOUGH = 500;

  private static final int LOOKS = 200;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory;

  @Test
  void theSumIsExact() {
    withChildren(() -> {});

    Cache<String, Integer> cache = Incrementer.cache(directory.toUri());
    assertThat(cache.get("counter")).isEqualTo(JVMS * ROUNDS);
    cache.getCacheManager().close();
  }

  /** What is put meanwhile is changed by the processors, but never written over by them. */
  @Test
  void noPutIsLost() {
    Cache<String, Integer> cache = Incrementer.cache(directory.toUri());
    int[] met = {0};
    withChildren(
        () -> {
          for (int mark = 1; mark <= MARKS && met[0] < ENOUGH; mark++) {
            cache.put("counter", mark * MARK);
            int seen = mark * MARK;
            for (int look = 0; look < LOOKS && seen % MARK == 0; look++) {
              seen = cache.get("counter");
              assertThat(seen / MARK).isEqualTo(mark);
            }
            met[0] += seen % MARK == 0 ? 0 : 1;
          }
        });
    System.out.println("puts that a processor has changed: " + met[0]);
    assertThat(met[0]).as("puts and processors at the same time").isPositive();
    cache.getCacheManager().close();
  }

  private void withChildren(Runnable work) {
    List<ChildJvm> children = new ArrayList<>();
    try {
      for (int i = 0; i < JVMS; i++) {
        children.add(
            ChildJvm.of(Incrementer.class).arguments(directory.toUri().toString()).start());
      }
      children.forEach(child -> child.awaitLine("ready", PATIENCE));
      children.forEach(child -> child.send("go"));
      work.run();
      children.forEach(child -> child.awaitLine("done", PATIENCE));
    } finally {
      children.forEach(ChildJvm::close);
    }
  }

  /** Runs in the children. */
  static final class Incrementer {
    private Incrementer() {}

    public static void main(String[] arguments) {
      Parent parent = Parent.connect();
      Cache<String, Integer> cache = cache(URI.create(arguments[0]));
      EntryProcessor<String, Integer, Object> increment =
          (entry, none) -> {
            entry.setValue(entry.exists() ? entry.getValue() + 1 : 1);
            return null;
          };
      parent.say("ready");
      parent.hear();
      for (int i = 0; i < ROUNDS; i++) {
        cache.invoke("counter", increment);
      }
      parent.say("done");
      cache.getCacheManager().close();
    }

    static Cache<String, Integer> cache(URI directory) {
      return Caching.getCachingProvider()
          .getCacheManager(directory, null)
          .createCache(
              "counters",
              new MutableConfiguration<String, Integer>().setTypes(String.class, Integer.class));
    }
  }
}
