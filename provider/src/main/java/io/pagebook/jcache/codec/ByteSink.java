package io.pagebook.jcache.codec;

import java.io.ByteArrayOutputStream;

/** A growing array that is handed out without a copy. */
final class ByteSink extends ByteArrayOutputStream {
  ByteSink() {
    super(512);
  }

  /** The array; only its first {@link #size()} bytes count. */
  byte[] array() {
    return buf;
  }
}
