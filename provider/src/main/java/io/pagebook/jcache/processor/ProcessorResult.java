package io.pagebook.jcache.processor;

import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * What a processor returned for one of several keys, or how it failed. Immutable.
 *
 * @param <T> the type of the result
 */
public final class ProcessorResult<T> implements EntryProcessorResult<T> {
  private final @Nullable T value;
  private final @Nullable RuntimeException failure;

  private ProcessorResult(@Nullable T value, @Nullable RuntimeException failure) {
    this.value = value;
    this.failure = failure;
  }

  public static <T> ProcessorResult<T> of(T value) {
    return new ProcessorResult<>(value, null);
  }

  public static <T> ProcessorResult<T> failed(RuntimeException failure) {
    return new ProcessorResult<>(null, failure);
  }

  @Override
  public @Nullable T get() {
    if (failure instanceof EntryProcessorException) {
      throw failure;
    }
    if (failure != null) {
      throw new EntryProcessorException(failure);
    }
    return value;
  }
}
