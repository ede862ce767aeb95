package io.pagebook.jcache.processor;

import java.util.function.Supplier;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;

/**
 * The entry that one processor works on. What the processor does to it is only remembered; the
 * cache applies the net effect afterwards. For the processor's thread only, and only while it runs.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class ProcessorEntry<K, V> implements MutableEntry<K, V> {
  /** What the processor did, all in all. */
  public enum Change {
    /** Nothing, or nothing that is left over. */
    NONE,
    /** It set a value. */
    SET,
    /** It removed the entry, or had it removed if there had been one. */
    REMOVE
  }

  private final K key;
  private final Class<V> valueType;
  private final Supplier<@Nullable V> stored;
  private final @Nullable Supplier<@Nullable V> loader;

  private boolean present;
  private boolean loadTried;
  private boolean accessed;
  private boolean ended;
  private Change change = Change.NONE;
  private @Nullable V storedValue;
  private @Nullable V loadedValue;
  private @Nullable V newValue;

  /**
   * An entry as the processor finds it.
   *
   * @param valueType what a value must be an instance of
   * @param present whether the cache has a live entry
   * @param stored reads its value; null if that turns out impossible
   * @param loader loads a value where the cache reads through, else null
   */
  public ProcessorEntry(
      K key,
      Class<V> valueType,
      boolean present,
      Supplier<@Nullable V> stored,
      @Nullable Supplier<@Nullable V> loader) {
    this.key = key;
    this.valueType = valueType;
    this.present = present;
    this.stored = stored;
    this.loader = loader;
  }

  @Override
  public K getKey() {
    return key;
  }

  @Override
  public boolean exists() {
    checkNotEnded();
    return switch (change) {
      case NONE -> present || loadedValue != null;
      case SET -> true;
      case REMOVE -> false;
    };
  }

  @Override
  public @Nullable V getValue() {
    return switch (change) {
      case NONE -> firstValue();
      case SET -> newValue;
      case REMOVE -> null;
    };
  }

  @Override
  public void setValue(V value) {
    if (value == null) {
      throw new NullPointerException("value must not be null: key=" + key);
    }
    checkNotEnded();
    newValue = valueType.cast(value);
    change = Change.SET;
  }

  @Override
  public void remove() {
    checkNotEnded();
    boolean onlySet = change == Change.SET && !present && loadedValue == null;
    newValue = null;
    change = onlySet ? Change.NONE : Change.REMOVE;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new IllegalArgumentException("entry is no such class: class=" + type.getName());
  }

  /** The processor has ended: from now on there is the key, and the value if it was read. */
  public void end() {
    ended = true;
  }

  /** The net effect. */
  public Change change() {
    return change;
  }

  /** Whether the processor read the value that the cache had. */
  public boolean accessed() {
    return accessed;
  }

  /** What {@link Change#SET} set. */
  public @Nullable V newValue() {
    return newValue;
  }

  /** What was loaded because the processor asked for a value that the cache did not have. */
  public @Nullable V loadedValue() {
    return loadedValue;
  }

  private void checkNotEnded() {
    if (ended) {
      throw new IllegalStateException(
          "entry processor has ended: key=" + key + "; use its entry only while it runs");
    }
  }

  private @Nullable V firstValue() {
    if (present) {
      if (storedValue == null) {
        checkNotEnded();
        storedValue = stored.get();
        present = storedValue != null;
        accessed = present;
      }
      if (present) {
        return storedValue;
      }
    }
    if (loader != null && !loadTried) {
      checkNotEnded();
      loadTried = true;
      loadedValue = loader.get();
    }
    return loadedValue;
  }
}
