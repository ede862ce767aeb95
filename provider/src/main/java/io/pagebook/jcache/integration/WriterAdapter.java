package io.pagebook.jcache.integration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.cache.Cache;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.jspecify.annotations.Nullable;

/**
 * A cache's writer, whose exceptions all come out as {@link CacheWriterException}. As thread-safe
 * as the writer.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class WriterAdapter<K, V> {
  private final CacheWriter<? super K, ? super V> writer;

  public WriterAdapter(CacheWriter<? super K, ? super V> writer) {
    this.writer = writer;
  }

  /** The writer itself, to be closed with the cache. */
  public CacheWriter<? super K, ? super V> writer() {
    return writer;
  }

  public void write(Cache.Entry<K, V> entry) {
    try {
      writer.write(entry);
    } catch (CacheWriterException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  public void delete(K key) {
    try {
      writer.delete(key);
    } catch (CacheWriterException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  /**
   * Writes several entries; what the writer left in its collection when it failed was not written.
   */
  public Outcome writeAll(Collection<? extends Cache.Entry<K, V>> entries) {
    List<Cache.Entry<? extends K, ? extends V>> remaining = new ArrayList<>(entries);
    return outcome(() -> writeAll(writer, remaining), remaining);
  }

  /**
   * Deletes several keys; what the writer left in its collection when it failed was not deleted.
   */
  public Outcome deleteAll(Collection<? extends K> keys) {
    List<K> remaining = new ArrayList<>(keys);
    return outcome(() -> writer.deleteAll(remaining), remaining);
  }

  // the writer of a supertype writes entries of the subtype as well: it only takes them out of the
  // collection
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static void writeAll(CacheWriter writer, Collection entries) {
    writer.writeAll(entries);
  }

  private Outcome outcome(Runnable batch, Collection<?> remaining) {
    try {
      batch.run();
      return Outcome.NONE_FAILED;
    } catch (CacheWriterException e) {
      return new Outcome(remaining, e);
    } catch (RuntimeException e) {
      return new Outcome(remaining, failed(e));
    }
  }

  private CacheWriterException failed(RuntimeException e) {
    return new CacheWriterException(
        "writer failed: writer=" + writer.getClass().getName() + ", reason=" + e, e);
  }

  /**
   * How a batch went.
   *
   * @param failed the entries or keys that the writer did not get done
   * @param exception why, or null if all went well
   */
  public record Outcome(Collection<?> failed, @Nullable CacheWriterException exception) {
    /** Of a batch that went well, or that there was no need to write. */
    public static final Outcome NONE_FAILED = new Outcome(List.of(), null);
  }
}
