package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryListener;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others do to a cache or a manager while it is being closed. */
class ClosingRacesTest extends CacheTestBase {
  private static final int ROUNDS = 100;

  @Test
  void noOpenCacheIsWithoutABook(@TempDir Path directory) {
    PageBookCacheManager manager = manager(provider, directory);
    for (int round = 0; round < ROUNDS; round++) {
      manager.createCache("c", new MutableConfiguration<>());
      CountDownLatch go = new CountDownLatch(2);
      CompletableFuture<Void> destroyed =
          run(
              () -> {
                meet(go);
                manager.destroyCache("c");
              });
      CompletableFuture<Cache<Object, Object>> created =
          async(
              () -> {
                meet(go);
                return createAsSoonAsPossible(manager);
              });
      assertThat(destroyed).succeedsWithin(30, TimeUnit.SECONDS);
      assertThat(created).succeedsWithin(30, TimeUnit.SECONDS);

      Cache<Object, Object> cache = created.join();
      if (!cache.isClosed()) {
        assertThatCode(() -> cache.put("k", "v")).as("round %s", round).doesNotThrowAnyException();
      }
      manager.destroyCache("c");
    }
  }

  @Test
  void asynchronousEventsDoNotReachAClosedListener() throws Exception {
    Closing listener = new Closing();
    Cache<Object, Object> cache = cache(listening(listener, false));
    for (int key = 0; key < 20; key++) {
      cache.put(key, "v");
    }

    listener.toClose.complete(cache);

    Thread eventThread = listener.thread.get(30, TimeUnit.SECONDS);
    eventThread.join(30_000);
    assertThat(eventThread.isAlive()).isFalse();
    assertThat(listener.closed).isTrue();
    assertThat(listener.calledWhenClosed).hasValue(0);
  }

  @Test
  void customizationsAreClosedThoughOneFailsBadly() {
    AtomicBoolean closed = new AtomicBoolean();
    CacheEntryListener<Object, Object> failing = new Failing();
    MutableConfiguration<Object, Object> configuration = listening(failing, true);
    configuration.setCacheLoaderFactory(
        Recorder.factory(new ClosingLoader(() -> closed.set(true))));
    Cache<Object, Object> cache = cache(configuration);

    assertThatThrownBy(cache::close).isInstanceOf(AssertionError.class).hasMessage("on purpose");

    assertThat(closed).isTrue();
    cache().put("k", "of another cache of that name");
  }

  @Test
  void aListenerThatIsRegisteredMeanwhileIsClosed() {
    Closing listener = new Closing();
    Cache<Object, Object> cache = cache();
    Thread closing = new Thread(cache::close);
    Factory<CacheEntryListener<? super Object, ? super Object>> factory =
        () -> {
          closing.start();
          Awaitility.await()
              .until(
                  () ->
                      closing.getState() == Thread.State.BLOCKED
                          || closing.getState() == Thread.State.TERMINATED);
          return listener;
        };

    cache.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(factory, null, false, true));

    Awaitility.await().until(() -> closing.getState() == Thread.State.TERMINATED);
    assertThat(listener.closed).isTrue();
  }

  @Test
  void noBeanOutlivesItsCache() throws Exception {
    for (int round = 0; round < 20; round++) {
      PageBookCache<Object, Object> cache = cache();
      AtomicBoolean closed = new AtomicBoolean();
      CompletableFuture<Void> toggling =
          run(
              () -> {
                for (boolean last = false; !last; ) {
                  last = closed.get();
                  cache.enableStatistics(false);
                  cache.enableManagement(false);
                  cache.enableStatistics(true);
                  cache.enableManagement(true);
                }
              });

      cache.close();
      closed.set(true);

      assertThat(toggling).succeedsWithin(30, TimeUnit.SECONDS);
      assertThat(
              ManagementFactory.getPlatformMBeanServer()
                  .queryNames(new ObjectName("javax.cache:*,Cache=cache"), null))
          .isEmpty();
    }
  }

  private static Cache<Object, Object> createAsSoonAsPossible(PageBookCacheManager manager) {
    while (true) {
      try {
        return manager.createCache("c", new MutableConfiguration<>());
      } catch (CacheException e) { // it exists still
        Thread.onSpinWait();
      }
    }
  }

  private static void meet(CountDownLatch latch) {
    latch.countDown();
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MutableConfiguration<Object, Object> listening(
      CacheEntryListener<Object, Object> listener, boolean synchronous) {
    return new MutableConfiguration<>()
        .addCacheEntryListenerConfiguration(
            new MutableCacheEntryListenerConfiguration<>(
                Recorder.factory(listener), null, false, synchronous));
  }

  /** Closes the cache with the first event that it hears of. */
  private static final class Closing
      implements CacheEntryCreatedListener<Object, Object>, Closeable {
    final CompletableFuture<Cache<Object, Object>> toClose = new CompletableFuture<>();
    final CompletableFuture<Thread> thread = new CompletableFuture<>();
    final AtomicInteger calledWhenClosed = new AtomicInteger();
    final AtomicBoolean closed = new AtomicBoolean();

    @Override
    public void onCreated(Iterable<CacheEntryEvent<?, ?>> events) {
      if (closed.get()) {
        calledWhenClosed.incrementAndGet();
      } else {
        toClose.orTimeout(30, TimeUnit.SECONDS).join().close();
        thread.complete(Thread.currentThread());
      }
    }

    @Override
    public void close() {
      closed.set(true);
    }
  }

  private static final class Failing
      implements CacheEntryCreatedListener<Object, Object>, Closeable {
    @Override
    public void onCreated(Iterable<CacheEntryEvent<?, ?>> events) {}

    @Override
    public void close() {
      throw new AssertionError("on purpose");
    }
  }
}
