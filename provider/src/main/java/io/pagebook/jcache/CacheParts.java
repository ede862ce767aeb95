package io.pagebook.jcache;

import io.pagebook.book.PageBook;
import io.pagebook.jcache.codec.RecordCodec;
import io.pagebook.jcache.concurrent.Worker;
import io.pagebook.jcache.event.EventDispatcher;
import io.pagebook.jcache.near.NearCache;
import io.pagebook.jcache.settings.CacheConfiguration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What one cache is put together from.
 *
 * @param name the cache's name
 * @param configuration its configuration at creation
 * @param book where its entries are
 * @param near what of them is kept in the heap
 * @param codec how they become bytes
 * @param customizations what the application brought along
 * @param events its listeners
 * @param worker runs {@code loadAll}; asynchronous listeners, which may wait for that, have another
 * @param clock tells when entries expire
 * @param lockTimeoutNanos how long to wait for others at most
 * @param <K> the type of keys
 * @param <V> the type of values
 */
record CacheParts<K, V>(
    String name,
    CacheConfiguration<K, V> configuration,
    PageBook book,
    @Nullable NearCache<V> near,
    RecordCodec codec,
    Customizations<K, V> customizations,
    EventDispatcher<K, V> events,
    Worker worker,
    InstantSource clock,
    long lockTimeoutNanos) {

  /** Waits for loads under way, and then for asynchronous listeners, who hear of these. */
  void closeWorkers() {
    long deadline = System.nanoTime() + lockTimeoutNanos;
    worker.close(lockTimeoutNanos);
    events.close(deadline - System.nanoTime());
  }
}
