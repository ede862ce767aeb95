package io.pagebook.jcache;

import io.pagebook.book.BookException;
import io.pagebook.jcache.concurrent.Worker;
import io.pagebook.jcache.integration.LoaderAdapter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.cache.CacheException;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * The explicit loading of many entries, on a thread of the cache. What is loaded is not written
 * through, and counts neither as gets nor as puts.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class LoadOperations<K, V> {
  private final CacheCore<K, V> core;
  private final Worker worker;

  LoadOperations(CacheCore<K, V> core, Worker worker) {
    this.core = core;
    this.worker = worker;
  }

  void loadAll(
      Set<? extends K> keys, boolean replaceExisting, @Nullable CompletionListener listener) {
    keys.forEach(core::checkKey);
    LoaderAdapter<K, V> loader = core.loader();
    if (loader == null) {
      complete(listener, null);
      return;
    }
    Set<K> wanted = new LinkedHashSet<>(keys); // the caller's set is its own again when we return
    if (!worker.submit(() -> run(wanted, replaceExisting, loader, listener))) {
      throw core.closed(null);
    }
  }

  private void run(
      Set<K> keys,
      boolean replaceExisting,
      LoaderAdapter<K, V> loader,
      @Nullable CompletionListener listener) {
    Exception failure = null;
    try {
      core.enter();
      try {
        load(keys, replaceExisting, loader);
      } finally {
        core.leave();
      }
    } catch (BookException e) {
      failure = core.translate(e);
    } catch (CacheException | IllegalStateException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      failure = new CacheLoaderException("entries cannot be loaded: reason=" + e, e);
    }
    complete(listener, failure);
  }

  private void load(Set<K> keys, boolean replaceExisting, LoaderAdapter<K, V> loader) {
    Failures failures = new Failures(false, null);
    if (!replaceExisting) {
      for (K key : List.copyOf(keys)) {
        failures.collect(
            () -> {
              if (isPresent(key)) {
                keys.remove(key);
              }
            });
      }
    }
    Map<K, V> loaded = keys.isEmpty() ? Map.of() : loader.loadAll(keys);
    for (K key : keys) {
      V value = loaded.get(key);
      if (value != null) {
        core.checkValue(value);
        failures.collect(() -> store(key, value, replaceExisting));
      }
    }
    failures.throwFirst();
  }

  private void store(K key, V value, boolean replaceExisting) {
    try (Mutation<K, V> mutation = Mutation.open(core, key, value, false)) {
      if (replaceExisting || !mutation.present()) {
        mutation.set(value);
      }
    }
  }

  private boolean isPresent(K key) {
    try (Mutation<K, V> mutation = Mutation.open(core, key, false)) {
      return mutation.present();
    }
  }

  private static void complete(@Nullable CompletionListener listener, @Nullable Exception failure) {
    if (listener == null) {
      return;
    }
    if (failure == null) {
      listener.onCompletion();
    } else {
      listener.onException(failure);
    }
  }
}
