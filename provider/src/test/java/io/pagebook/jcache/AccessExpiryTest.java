package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an access does to an entry that others change, or for which there is no room. */
class AccessExpiryTest extends DocumentTestBase {
  private final AtomicReference<@Nullable Runnable> uponAccess = new AtomicReference<>();

  /** Values that may be read once: a finished put must be among those that were. */
  @Test
  void anAccessDoesNotEndAValueThatWasPutMeanwhile() {
    Cache<Object, Object> cache = cache(configuration(Duration.ZERO));
    List<Function<Cache<Object, Object>, Object>> reads =
        List.of(
            read -> String.valueOf(read.get("k")),
            read -> {
              Cache.Entry<Object, Object> entry = read.iterator().next();
              return entry.getValue();
            });
    for (Function<Cache<Object, Object>, Object> read : reads) {
      cache.put("k", "old");
      uponAccess.set(() -> run(() -> cache.put("k", "new")).join());
      List<Object> values = new ArrayList<>();

      values.add(read.apply(cache));
      values.add(String.valueOf(cache.get("k")));

      assertThat(values).contains("new");
      assertThat(cache.containsKey("k")).isFalse();
    }
  }

  /** A removal instead: what was read is returned, and nothing comes back. */
  @Test
  void anAccessDoesNotReviveWhatWasRemovedMeanwhile() {
    Cache<Object, Object> cache = cache(configuration(new Duration(TimeUnit.MINUTES, 10)));
    cache.put("k", "old");
    uponAccess.set(() -> run(() -> cache.remove("k")).join());

    assertThat(cache.get("k")).isEqualTo("old");
    assertThat(cache.get("k")).isNull();
  }

  @Test
  void aFullBookCanBeReadThoughItHasNoRoomForAnExpiry() {
    PageBookCacheManager manager =
        open(
            writeRaw(
                "full.xml",
                "<private/><default-cache><capacity max-size=\"256KiB\"/></default-cache>"));
    Cache<Object, Object> cache =
        manager.createCache("c", configuration(new Duration(TimeUnit.MINUTES, 10)));
    List<Object> keys = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              for (int key = 0; true; key++) {
                cache.put(key, "value of some length " + key);
                keys.add(key);
              }
            })
        .isInstanceOf(CacheException.class);

    assertThat(keys).isNotEmpty();
    for (Object key : keys) {
      assertThat(cache.get(key)).isEqualTo("value of some length " + key);
    }
    assertThat(cache).hasSameSizeAs(keys);
    assertThat(cache.<Object>invoke(keys.get(0), (entry, arguments) -> entry.getValue()))
        .isEqualTo("value of some length 0");
  }

  private MutableConfiguration<Object, Object> configuration(Duration access) {
    return new MutableConfiguration<>()
        .setExpiryPolicyFactory(
            Recorder.factory(
                new ExpiryPolicy() {
                  @Override
                  public Duration getExpiryForCreation() {
                    return Duration.ETERNAL;
                  }

                  @Override
                  public Duration getExpiryForAccess() {
                    Runnable meanwhile = uponAccess.getAndSet(null);
                    if (meanwhile != null) {
                      meanwhile.run();
                    }
                    return access;
                  }

                  @Override
                  public Duration getExpiryForUpdate() {
                    return Duration.ETERNAL;
                  }
                }));
  }
}
