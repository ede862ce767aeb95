package io.pagebook.jcache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.cache.Cache;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import javax.cache.management.CacheStatisticsMXBean;
import org.jspecify.annotations.Nullable;

/**
 * One state that an operation can find its entry in. {@link #run} puts a new cache into it, runs
 * the operation, and tells in one line what it returned, counted, reported and left.
 */
enum Scenario {
  ABSENT,
  LIVE,
  EXPIRED,
  /** Absent, and the policy lets a new entry expire at once. */
  ZERO_CREATION,
  /** Live, and the policy lets an updated entry expire at once. */
  ZERO_UPDATE,
  /** Live, and the policy lets an entry expire at once that is accessed. */
  ZERO_ACCESS,
  /** Absent, and there is a loader. */
  ABSENT_LOADER,
  /** Live, and there is a loader. */
  LIVE_LOADER,
  /** Expired, and there is a loader. */
  EXPIRED_LOADER,
  /** Absent, with a loader, and the policy lets a new entry expire at once. */
  ZERO_LOADER,
  /** Absent, and the loader has nothing. */
  NULL_LOADER,
  /** Absent, and the policy does not say how long a new entry lives. */
  NULL_CREATION,
  /** Live, and the policy fails. */
  POLICY_FAILS,
  /** Live, and the writer fails. */
  WRITER_FAILS,
  /** Absent, and a synchronous listener fails. */
  ABSENT_LISTENER_FAILS,
  /** Live, and a synchronous listener fails. */
  LIVE_LISTENER_FAILS;

  static final String KEY = "key";
  private static final javax.cache.expiry.Duration MINUTE =
      new javax.cache.expiry.Duration(TimeUnit.MINUTES, 1);

  String run(Function<Cache<String, String>, @Nullable Object> operation) {
    TestClock clock = new TestClock();
    Recorder recorder = new Recorder();
    try (PageBookCachingProvider provider = new PageBookCachingProvider(clock)) {
      PageBookCache<String, String> cache =
          provider.getCacheManager().createCache("parity", configuration(recorder));
      prepare(cache, recorder, clock);
      String returned;
      try {
        returned = String.valueOf(operation.apply(cache));
      } catch (RuntimeException e) {
        returned = e.getClass().getSimpleName();
      }
      return returned
          + "; "
          + counted(cache)
          + "; "
          + recorder.events
          + "; "
          + recorder.expiryCalls
          + "; "
          + recorder.writerCalls
          + recorder.loaderCalls
          + "; "
          + left(cache);
    }
  }

  private MutableConfiguration<String, String> configuration(Recorder recorder) {
    MutableConfiguration<String, String> configuration =
        new MutableConfiguration<String, String>()
            .setTypes(String.class, String.class)
            .setStatisticsEnabled(true)
            .setWriteThrough(true)
            .setCacheWriterFactory(Recorder.factory(recorder.writer()))
            .setExpiryPolicyFactory(Recorder.factory(recorder.policy()))
            .addCacheEntryListenerConfiguration(
                new MutableCacheEntryListenerConfiguration<>(
                    Recorder.factory(recorder.listener()), null, true, true));
    if (name().endsWith("LOADER")) {
      configuration.setReadThrough(true).setCacheLoaderFactory(loader(recorder));
    }
    return configuration;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // a loader of objects that are strings
  private static Factory<CacheLoader<String, String>> loader(Recorder recorder) {
    return (Factory) Recorder.factory(recorder.loader());
  }

  private void prepare(Cache<String, String> cache, Recorder recorder, TestClock clock) {
    switch (this) {
      case EXPIRED, EXPIRED_LOADER -> {
        recorder.creation = MINUTE;
        cache.put(KEY, "old");
        recorder.creation = javax.cache.expiry.Duration.ETERNAL;
        clock.advance(Duration.ofMinutes(2));
      }
      case LIVE,
          LIVE_LOADER,
          ZERO_UPDATE,
          ZERO_ACCESS,
          POLICY_FAILS,
          WRITER_FAILS,
          LIVE_LISTENER_FAILS ->
          cache.put(KEY, "old");
      case ABSENT, ABSENT_LOADER, NULL_LOADER, ABSENT_LISTENER_FAILS -> {}
      case NULL_CREATION -> recorder.creation = null;
      case ZERO_CREATION, ZERO_LOADER -> recorder.creation = javax.cache.expiry.Duration.ZERO;
    }
    if (this == ZERO_UPDATE) {
      recorder.update = javax.cache.expiry.Duration.ZERO;
    } else if (this == ZERO_ACCESS) {
      recorder.access = javax.cache.expiry.Duration.ZERO;
    }
    recorder.loaded = this == NULL_LOADER ? null : "loaded";
    recorder.policyFails = this == POLICY_FAILS;
    recorder.writerFails = this == WRITER_FAILS;
    recorder.listenerFails = name().endsWith("LISTENER_FAILS");
    statistics(cache).clear();
    recorder.clear();
  }

  private static CacheStatisticsMXBean statistics(Cache<String, String> cache) {
    return Beans.statistics(cache);
  }

  private static String counted(Cache<String, String> cache) {
    CacheStatisticsMXBean statistics = statistics(cache);
    List<String> counts = new ArrayList<>();
    add(counts, "H", statistics.getCacheHits());
    add(counts, "M", statistics.getCacheMisses());
    add(counts, "P", statistics.getCachePuts());
    add(counts, "R", statistics.getCacheRemovals());
    add(counts, "E", statistics.getCacheEvictions());
    return String.join(" ", counts);
  }

  private static void add(List<String> counts, String name, long count) {
    if (count != 0) {
      counts.add(count == 1 ? name : name + count);
    }
  }

  /** What is in the cache afterwards, asked in a way that no listener, loader or policy notices. */
  private static String left(Cache<String, String> cache) {
    return cache.containsKey(KEY) ? "left" : "gone";
  }
}
