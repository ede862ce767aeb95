package io.pagebook.book.memory;

import org.jspecify.annotations.Nullable;

/**
 * Tells a test of each store and each fence, in the order in which a thread makes them. There is
 * none unless the system property asks for it when {@link PageMemory} is loaded: a constant that
 * the compiler drops from every store.
 */
final class StoreLog {
  /** The system property that asks for a log. */
  static final String PROPERTY = "io.pagebook.book.storeLog";

  /** What is told of. */
  enum Access {
    PLAIN,
    RELEASE,
    /** Volatile stores, and compare-and-sets that stored. */
    VOLATILE,
    /** A release fence; it has no file and no position. */
    FENCE,
    /** The file ends at the position now. */
    LENGTH
  }

  /** Who is told. */
  interface Listener {
    /** The {@code length} bytes at {@code position} have been stored. */
    void stored(@Nullable PageMemory memory, Access access, long position, long length);
  }

  /** Who is told from now on, on the thread that stores. */
  static volatile Listener listener = (memory, access, position, length) -> {};

  private StoreLog() {}

  static @Nullable StoreLog ifAskedFor() {
    return Boolean.getBoolean(PROPERTY) ? new StoreLog() : null;
  }

  /** A word; short, for those it is inlined into. */
  void stored(PageMemory memory, Access access, long position) {
    stored(memory, access, position, Long.BYTES);
  }

  void stored(@Nullable PageMemory memory, Access access, long position, long length) {
    listener.stored(memory, access, position, length);
  }
}
