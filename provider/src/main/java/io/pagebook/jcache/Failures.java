package io.pagebook.jcache;

import javax.cache.event.CacheEntryListenerException;
import org.jspecify.annotations.Nullable;

/**
 * Lets an operation on many entries go on when it fails for one of them: if a listener does, or,
 * where the writer has changed all of them before, whatever happens. Else older values than the
 * writer's would stay in the cache.
 */
final class Failures {
  private final boolean written;
  private @Nullable Throwable first;

  /** The writer's exception, if there is one, is the first. */
  Failures(boolean written, @Nullable RuntimeException ofWriter) {
    this.written = written;
    first = ofWriter;
  }

  void collect(Runnable change) {
    try {
      change.run();
    } catch (CacheEntryListenerException e) {
      add(e);
    } catch (RuntimeException | Error e) {
      if (!written) {
        throw e;
      }
      add(e);
    }
  }

  private void add(Throwable e) {
    if (first == null) {
      first = e;
    } else if (first != e) {
      first.addSuppressed(e);
    }
  }

  void throwFirst() {
    if (first instanceof RuntimeException exception) {
      throw exception;
    }
    if (first instanceof Error error) {
      throw error;
    }
  }
}
