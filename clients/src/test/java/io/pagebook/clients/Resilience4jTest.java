package io.pagebook.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.cache.Cache;
import io.github.resilience4j.cache.CacheRegistryStore;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resilience4j's cache decorator, and its registry store, which computes by entry processor. */
class Resilience4jTest {
  @TempDir Path directory;

  private javax.cache.Cache<String, String> entries;

  @BeforeEach
  void open() {
    entries = SharedCaches.create(directory.toUri(), "replies", String.class);
  }

  @AfterEach
  void close() {
    entries.getCacheManager().close();
  }

  @Test
  void aDecoratedSupplierIsCalledOnce() {
    AtomicInteger calls = new AtomicInteger();
    Cache<String, String> cache = Cache.of(entries);
    Function<String, String> decorated =
        Cache.decorateSupplier(cache, () -> "reply " + calls.incrementAndGet());

    assertThat(decorated.apply("question")).isEqualTo("reply 1");
    assertThat(decorated.apply("question")).isEqualTo("reply 1");
    assertThat(calls).hasValue(1);
    assertThat(cache.getMetrics().getNumberOfCacheHits()).isEqualTo(1);
    assertThat(cache.getMetrics().getNumberOfCacheMisses()).isEqualTo(1);
  }

  @Test
  void aRegistryComputesWhatIsAbsent() {
    CacheRegistryStore<String> store = new CacheRegistryStore<>(entries);

    assertThat(store.computeIfAbsent("breaker", name -> name + " 1")).isEqualTo("breaker 1");
    assertThat(store.computeIfAbsent("breaker", name -> name + " 2")).isEqualTo("breaker 1");
    assertThat(store.putIfAbsent("breaker", "3")).isEqualTo("breaker 1");
    assertThat(store.replace("breaker", "4")).contains("breaker 1");
    assertThat(store.find("breaker")).contains("4");
    assertThat(store.values()).containsExactly("4");
    assertThat(store.remove("breaker")).contains("4");
    assertThat(store.find("breaker")).isEmpty();
  }
}
