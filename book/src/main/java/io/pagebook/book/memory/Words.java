package io.pagebook.book.memory;

import java.lang.invoke.VarHandle;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A few kilobytes of the mapping that are accessed again and again, such as a shard's header: the
 * accesses of {@link PageMemory} without the search for the window. Offsets are in bytes from the
 * first word's, and multiples of 8. Thread-safe as the other.
 */
public final class Words {
  private static final @Nullable StoreLog LOG = PageMemory.LOG;
  private static final int SHIFT = 3;

  private final LongBuffer words;
  private final PageMemory memory;
  private final long position;

  Words(PageMemory memory, long position, LongBuffer words) {
    this.memory = memory;
    this.position = position;
    this.words = words;
  }

  /** The position of the first word. */
  public long position() {
    return position;
  }

  public long getLongPlain(int offset) {
    return words.get(offset >> SHIFT);
  }

  public long getLongAcquire(int offset) {
    long word = words.get(offset >> SHIFT);
    VarHandle.acquireFence();
    return word;
  }

  public void putLongPlain(int offset, long value) {
    words.put(offset >> SHIFT, value);
    if (LOG != null) {
      LOG.stored(memory, StoreLog.Access.PLAIN, position + offset);
    }
  }

  public void putLongRelease(int offset, long value) {
    VarHandle.releaseFence();
    words.put(offset >> SHIFT, value);
    if (LOG != null) {
      LOG.stored(memory, StoreLog.Access.RELEASE, position + offset);
    }
  }
}
