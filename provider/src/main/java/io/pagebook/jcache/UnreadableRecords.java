package io.pagebook.jcache;

import io.pagebook.jcache.codec.UnreadableRecordException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts the records of a cache that did not become objects, and logs each kind once. Thread-safe.
 */
final class UnreadableRecords {
  private static final Logger LOGGER = System.getLogger("io.pagebook.jcache");
  private static final int MAX_KINDS = 16;

  private final String cacheName;
  private final LongAdder count = new LongAdder();
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  UnreadableRecords(String cacheName) {
    this.cacheName = cacheName;
  }

  void report(String reason, @Nullable UnreadableRecordException cause) {
    count.increment();
    if (logged.size() < MAX_KINDS && logged.add(reason)) {
      LOGGER.log(
          Level.WARNING,
          "record is treated as absent because it cannot be read: cache="
              + cacheName
              + ", reason="
              + reason
              + "; logged once",
          cause);
    }
  }

  long count() {
    return count.sum();
  }
}
