package io.pagebook.jcache;

import io.pagebook.jcache.integration.LoaderAdapter;
import io.pagebook.jcache.integration.WriterAdapter;
import io.pagebook.jcache.processor.ProcessorEntry;
import io.pagebook.jcache.processor.ProcessorResult;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * Entry processors: they run on the calling thread, while their key is locked for all processes,
 * and their net effect is applied before it is unlocked.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class ProcessorOperations<K, V> {
  private final CacheCore<K, V> core;

  ProcessorOperations(CacheCore<K, V> core) {
    this.core = core;
  }

  <T> @Nullable T invoke(K key, EntryProcessor<K, V, T> processor, @Nullable Object... arguments) {
    core.checkKey(key);
    Objects.requireNonNull(processor, "entry processor must not be null");
    long start = core.statistics().start();
    try (Mutation<K, V> mutation = Mutation.open(core, key, false)) {
      boolean present = mutation.present();
      if (present) {
        core.statistics().hit(start);
      } else {
        core.statistics().miss(start);
      }
      ProcessorEntry<K, V> entry =
          new ProcessorEntry<>(key, core.valueType(), present, mutation::oldValue, loader(key));
      T result = process(processor, entry, arguments);
      apply(entry, mutation, core.statistics().start());
      return result;
    }
  }

  <T> Map<K, EntryProcessorResult<T>> invokeAll(
      Set<? extends K> keys, EntryProcessor<K, V, T> processor, @Nullable Object... arguments) {
    ReadOperations.checkKeys(keys);
    Objects.requireNonNull(processor, "entry processor must not be null");
    Map<K, EntryProcessorResult<T>> results = new HashMap<>();
    for (K key : keys) {
      try {
        T result = invoke(key, processor, arguments);
        if (result != null) {
          results.put(key, ProcessorResult.of(result));
        }
      } catch (RuntimeException e) {
        results.put(key, ProcessorResult.failed(e));
      }
    }
    return results;
  }

  private static <K, V, T> @Nullable T process(
      EntryProcessor<K, V, T> processor, ProcessorEntry<K, V> entry, @Nullable Object[] arguments) {
    try {
      return processor.process(entry, arguments);
    } catch (EntryProcessorException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new EntryProcessorException(
          "entry processor failed: processor=" + processor.getClass().getName() + ", reason=" + e,
          e);
    } finally {
      entry.end();
    }
  }

  private void apply(ProcessorEntry<K, V> entry, Mutation<K, V> mutation, long start) {
    if (entry.accessed()) {
      mutation.access();
    }
    WriterAdapter<K, V> writer = core.writer();
    switch (entry.change()) {
      case NONE -> {
        V loaded = entry.loadedValue();
        if (loaded != null) {
          core.checkValue(loaded);
          mutation.encode(loaded);
          mutation.set(loaded);
        }
      }
      case SET -> {
        V value = Objects.requireNonNull(entry.newValue());
        mutation.encode(value);
        if (writer != null) {
          writer.write(new PageBookEntry<>(entry.getKey(), value));
        }
        if (mutation.set(value)) {
          core.statistics().put(start);
        }
      }
      case REMOVE -> {
        if (writer != null) {
          writer.delete(entry.getKey());
        }
        if (mutation.remove()) {
          core.statistics().removal(start);
        }
      }
    }
  }

  private @Nullable Supplier<@Nullable V> loader(K key) {
    LoaderAdapter<K, V> loader = core.readThrough();
    return loader == null ? null : () -> loader.load(key);
  }
}
