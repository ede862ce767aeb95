package io.pagebook.jcache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.cache.Cache;
import javax.cache.configuration.Factory;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what a cache tells its customizations, in a short form, and answers as it is told to.
 */
final class Recorder {
  final List<String> events = new CopyOnWriteArrayList<>();
  final List<String> expiryCalls = new CopyOnWriteArrayList<>();
  final List<String> writerCalls = new CopyOnWriteArrayList<>();
  final List<String> loaderCalls = new CopyOnWriteArrayList<>();

  volatile @Nullable Duration creation = Duration.ETERNAL;
  volatile @Nullable Duration access;
  volatile @Nullable Duration update;

  /** Whether the writer, the listener, the policy throw what they were called with. */
  volatile boolean writerFails;

  volatile boolean listenerFails;
  volatile boolean policyFails;

  /** Null if the loader has nothing. */
  volatile @Nullable String loaded = "loaded";

  void clear() {
    events.clear();
    expiryCalls.clear();
    writerCalls.clear();
    loaderCalls.clear();
  }

  /** A factory that always gives this object, whether or not that can be serialised. */
  static <T> Factory<T> factory(T object) {
    return new InstanceFactory<>(object);
  }

  ExpiryPolicy policy() {
    return new Policy();
  }

  Listener listener() {
    return new Listener();
  }

  Writer writer() {
    return new Writer();
  }

  Loader loader() {
    return new Loader();
  }

  private static void failIf(boolean fails) {
    if (fails) {
      throw new UnsupportedOperationException("on purpose");
    }
  }

  private static final class InstanceFactory<T> implements Factory<T> {
    private static final long serialVersionUID = 1L;

    private final transient T object;

    InstanceFactory(T object) {
      this.object = object;
    }

    @Override
    public T create() {
      return object;
    }
  }

  private final class Policy implements ExpiryPolicy {
    @Override
    public @Nullable Duration getExpiryForCreation() {
      return answer("C", creation);
    }

    @Override
    public @Nullable Duration getExpiryForAccess() {
      return answer("A", access);
    }

    @Override
    public @Nullable Duration getExpiryForUpdate() {
      return answer("U", update);
    }

    private @Nullable Duration answer(String call, @Nullable Duration duration) {
      expiryCalls.add(call);
      failIf(policyFails);
      return duration;
    }
  }

  /** Hears of everything. */
  final class Listener
      implements CacheEntryCreatedListener<Object, Object>,
          CacheEntryUpdatedListener<Object, Object>,
          CacheEntryRemovedListener<Object, Object>,
          CacheEntryExpiredListener<Object, Object> {
    @Override
    public void onCreated(Iterable<CacheEntryEvent<?, ?>> happened) {
      record(happened);
    }

    @Override
    public void onUpdated(Iterable<CacheEntryEvent<?, ?>> happened) {
      record(happened);
    }

    @Override
    public void onRemoved(Iterable<CacheEntryEvent<?, ?>> happened) {
      record(happened);
    }

    @Override
    public void onExpired(Iterable<CacheEntryEvent<?, ?>> happened) {
      record(happened);
    }

    private void record(Iterable<CacheEntryEvent<?, ?>> happened) {
      for (CacheEntryEvent<?, ?> event : happened) {
        String old = event.isOldValueAvailable() ? event.getOldValue() + ">" : "";
        events.add(event.getEventType() + "(" + old + event.getValue() + ")");
      }
      failIf(listenerFails);
    }
  }

  /** Writes nowhere. */
  final class Writer implements CacheWriter<Object, Object> {
    @Override
    public void write(Cache.Entry<?, ?> entry) {
      writerCalls.add("w");
      failIf(writerFails);
    }

    @Override
    public void writeAll(Collection<Cache.Entry<?, ?>> entries) {
      writerCalls.add("w*" + entries.size());
      failIf(writerFails);
      entries.clear();
    }

    @Override
    public void delete(Object key) {
      writerCalls.add("d");
      failIf(writerFails);
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      writerCalls.add("d*" + keys.size());
      failIf(writerFails);
      keys.clear();
    }
  }

  /** Loads the same for every key. */
  final class Loader implements CacheLoader<Object, Object> {
    @Override
    public @Nullable Object load(Object key) {
      loaderCalls.add("l");
      return loaded;
    }

    @Override
    public Map<Object, Object> loadAll(Iterable<?> keys) {
      List<Object> all = new ArrayList<>();
      keys.forEach(all::add);
      loaderCalls.add("l*" + all.size());
      Map<Object, Object> found = new HashMap<>();
      all.forEach(key -> found.put(key, loaded));
      return found;
    }
  }
}
