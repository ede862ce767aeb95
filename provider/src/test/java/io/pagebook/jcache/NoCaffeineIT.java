package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without Caffeine everything works but a near-cache, and that says what it needs. */
class NoCaffeineIT {
  @TempDir Path directory;

  @Test
  void onlyANearCacheNeedsIt() {
    List<String> all = List.of(ChildJvm.classPath().split(File.pathSeparator));
    String without =
        all.stream()
            .filter(entry -> !entry.contains("caffeine"))
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(without.split(File.pathSeparator)).hasSize(all.size() - 1);

    try (ChildJvm child = ChildJvm.of(User.class).classPath(without).arguments(directory).start()) {
      assertThat(child.awaitLine("without: ")).isEqualTo("without: value");
      for (int i = 0; i < 2; i++) {
        assertThat(child.awaitLine("with: "))
            .contains("near-cache needs Caffeine")
            .contains("cache=near")
            .contains("com.github.ben-manes.caffeine:caffeine");
      }
      assertThat(child.awaitLine("still: ")).isEqualTo("still: value");
      assertThat(child.awaitEnd(ChildJvm.PATIENCE)).isZero();
      assertThat(child.stderrLines()).isEmpty();
    }
  }

  /** Runs in the child. */
  static final class User {
    private User() {}

    public static void main(String[] arguments) {
      Parent parent = Parent.connect();
      try (PageBookCachingProvider provider = new PageBookCachingProvider()) {
        PageBookCacheManager near = NearManagers.create(provider, Path.of(arguments[0]));
        PageBookCache<String, String> cache =
            provider.getCacheManager().createCache("plain", new MutableConfiguration<>());
        cache.put("key", "value");
        parent.say("without: " + cache.get("key"));
        for (int i = 0; i < 2; i++) {
          try {
            near.createCache("near", new MutableConfiguration<>());
          } catch (CacheException e) {
            parent.say("with: " + e.getMessage());
          }
        }
        parent.say("still: " + cache.get("key"));
      }
    }
  }
}
