package io.pagebook.jcache.codec;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a record that cannot become an object: an unknown codec, a payload that breaks its
 * codec's rules, a class that is unknown or not allowed. Internal: a cache treats such a record as
 * absent and counts it.
 */
public final class UnreadableRecordException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  UnreadableRecordException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
