package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.BookException;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import io.pagebook.testing.SmallDisk;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.Caching;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryUpdatedListener;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file system without room, through the JCache API: each way to store is refused as a {@link
 * CacheException} that says why, counts nothing, raises nothing and changes nothing; the rest of
 * the cache is served, and with room it is written again.
 */
class CacheOnFullDiskIT extends CacheTestBase {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long DISK_BYTES = 8 << 20;
  private static final long LEFT_BYTES = 1 << 20;

  @TempDir Path directory;

  @Test
  void refusesServesAndGoesOn() throws IOException {
    SmallDisk disk = SmallDisk.at(Files.createDirectory(directory.resolve("disk")), DISK_BYTES);
    try (ChildJvm child =
        ChildJvm.of(Writer.class)
            .startedBy(disk.owner())
            .arguments(disk.file("books").toUri())
            .start()) {
      child.awaitLine("ready", PATIENCE);
      disk.fillBut(child, LEFT_BYTES);
      child.send("fill");
      System.out.println(child.awaitLine("full", PATIENCE));
      disk.makeRoom(child);
      child.send("go on");
      child.awaitLine("done", PATIENCE);
      assertThat(child.awaitEnd(PATIENCE)).as(child.transcript()).isZero();
    }
  }

  /** Runs in the child. */
  static final class Writer {
    private static final int LENGTH = 3_000;
    private static final int MANY = 100_000;
    private static final AtomicInteger EVENTS = new AtomicInteger();

    private final Cache<String, String> cache;

    private Writer(Cache<String, String> cache) {
      this.cache = cache;
    }

    public static void main(String[] arguments) {
      Parent parent = Parent.connect();
      PageBookCache<String, String> cache = cache(URI.create(arguments[0]));
      Writer writer = new Writer(cache);
      parent.say("ready");
      parent.hear();
      int full = writer.putUntilFull();
      assertThat(full).isPositive();
      assertCounted(cache, full);
      int more = writer.refuseEveryWay(full);
      writer.assertServed(full);
      assertCounted(cache, full + more);
      parent.say("full after " + full + " entries, then " + more + " of putAll");
      parent.hear();
      for (int key = 0; key < full + 100; key++) {
        cache.put("key " + key, value(key, 'n', LENGTH));
        assertThat(cache.get("key " + key)).isEqualTo(value(key, 'n', LENGTH));
      }
      cache.getCacheManager().close();
      parent.say("done");
    }

    private int putUntilFull() {
      for (int key = 0; key < MANY; key++) {
        try {
          cache.put("key " + key, value(key, 'v', LENGTH));
        } catch (CacheException e) {
          assertFull(e);
          assertThat(cache.containsKey("key " + key)).isFalse();
          assertThat(cache.get("key " + key)).isNull();
          return key;
        }
      }
      throw new AssertionError("the disk does not fill");
    }

    /** Returns how many entries the operation stored that may store some. */
    private int refuseEveryWay(int full) {
      String fresh = "a fresh key";
      String large = "x".repeat((int) LEFT_BYTES);
      assertRefused(() -> cache.put(fresh, large));
      assertRefused(() -> cache.getAndPut(fresh, large));
      assertRefused(() -> cache.putIfAbsent(fresh, large));
      assertRefused(
          () ->
              cache.invoke(
                  fresh,
                  (entry, none) -> {
                    entry.setValue(large);
                    return null;
                  }));
      assertThat(cache.containsKey(fresh)).isFalse();
      String old = value(0, 'v', LENGTH);
      assertRefused(() -> cache.put("key 0", large));
      assertRefused(() -> cache.replace("key 0", large));
      assertRefused(() -> cache.replace("key 0", old, large));
      assertRefused(() -> cache.getAndReplace("key 0", large));
      assertThat(cache.get("key 0")).isEqualTo(old);

      Map<String, String> many = new HashMap<>();
      for (int key = full; key < full + 1_000; key++) {
        many.put("key " + key, value(key, 'v', LENGTH));
      }
      assertRefused(() -> cache.putAll(many));
      int stored = 0;
      for (Map.Entry<String, String> wanted : many.entrySet()) {
        String found = cache.get(wanted.getKey());
        assertThat(found).isIn(null, wanted.getValue());
        stored += found == null ? 0 : 1;
      }
      return stored;
    }

    private void assertServed(int full) {
      Set<String> seen = new HashSet<>();
      cache.forEach(entry -> seen.add(entry.getKey()));
      for (int key = 0; key < full; key++) {
        assertThat(cache.get("key " + key)).isEqualTo(value(key, 'v', LENGTH));
        assertThat(seen).contains("key " + key);
      }
      assertThat(cache.remove("key 0")).isTrue();
      assertThat(cache.containsKey("key 0")).isFalse();
      assertThat(cache.getAndRemove("key 1")).isEqualTo(value(1, 'v', LENGTH));
    }

    private static void assertCounted(PageBookCache<String, String> cache, int stored) {
      assertThat(EVENTS).as("events").hasValue(stored);
      assertThat(cache.report().puts()).as("puts counted").isEqualTo(stored);
    }

    private static void assertRefused(ThrowingCallable operation) {
      assertThatThrownBy(operation)
          .isInstanceOfSatisfying(CacheException.class, Writer::assertFull);
    }

    private static void assertFull(CacheException e) {
      assertThat(e).hasRootCauseInstanceOf(IOException.class).hasStackTraceContaining("make room");
      assertThat(e).cause().isInstanceOf(BookException.Full.class);
    }

    private static String value(int key, char fill, int length) {
      String start = key + " ";
      return start + Character.toString(fill).repeat(length - start.length());
    }

    @SuppressWarnings("unchecked") // the types are those of the configuration
    private static PageBookCache<String, String> cache(URI directory) {
      return Caching.getCachingProvider()
          .getCacheManager(directory, null)
          .createCache(
              "filling",
              new MutableConfiguration<String, String>()
                  .setTypes(String.class, String.class)
                  .setStatisticsEnabled(true)
                  .addCacheEntryListenerConfiguration(
                      new MutableCacheEntryListenerConfiguration<>(
                          FactoryBuilder.factoryOf(Counting.class), null, false, true)))
          .unwrap(PageBookCache.class);
    }
  }

  /** Counts what was stored. */
  public static final class Counting
      implements CacheEntryCreatedListener<String, String>,
          CacheEntryUpdatedListener<String, String> {
    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      events.forEach(event -> Writer.EVENTS.incrementAndGet());
    }

    @Override
    public void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      events.forEach(event -> Writer.EVENTS.incrementAndGet());
    }
  }
}
