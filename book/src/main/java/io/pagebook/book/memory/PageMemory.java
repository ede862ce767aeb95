package io.pagebook.book.memory;

import io.pagebook.book.BookException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The mapped bytes of one file; with its {@link Words} the only class that touches them. A position
 * is a byte offset in the file; that of a word of 8 bytes is a multiple of 8. The access mode is in
 * each method's name. Loads, stores, compare-and-set and bulk copies are all there is: checksums,
 * comparison and decoding run on heap copies, because an intrinsic over a mapped page that an
 * outsider has taken away kills the JVM.
 *
 * <p>The file is seen through windows, one every 4 MiB, each of which reaches as far as the mapping
 * it is cut from, so that windows overlap. When the file has grown, only what is new is mapped,
 * from the last window's start on; the earlier, shorter mapping shows the same pages and is left to
 * the collector, but for the first one, in which the {@link Words} of headers are. All accesses are
 * safe from any thread; positions must be {@linkplain #covers covered}.
 */
/*
 * Why not one mapping for all: a new mapping has no pages yet. Each page costs a fault at its first touch, and where the host runs virtual
 * machines without nested paging ten times as much. A book that is loaded grows in steps of a few MiB; mapped again in windows of 64 MiB, its
 * pages were faulted in several times over, which took a quarter of the processor time of loading a million entries.
 */
public final class PageMemory implements AutoCloseable {
  private static final int WINDOW_SHIFT = 22;
  private static final int WINDOW_STEP_BYTES = 1 << WINDOW_SHIFT;
  private static final int WINDOW_MASK = WINDOW_STEP_BYTES - 1;

  /**
   * The most bytes that are accessed as one piece: no extent of a book crosses a multiple of it.
   */
  private static final int WINDOW_BYTES = 1 << 26;

  /** This many bytes are mapped at once at the most: few mappings, quickly made. */
  private static final long MAPPING_BYTES = 1L << 30;

  private static final int WORD_SHIFT = 3;

  /** How many compare-and-sets may still be interpreted; threads may lose counts to each other. */
  private static int coldCompareAndSets = 20_000;

  /** 0, but the compiler does not know. */
  private static volatile int none;

  /** For volatile accesses and compare-and-set; for the others words and fences will do. */
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** A test's; a constant, so that there is nothing of it where there is none. */
  static final @Nullable StoreLog LOG = StoreLog.ifAskedFor();

  private final PageFile file;
  private volatile ByteBuffer[] windows = {};

  /** The windows once more, as words. What is seen in the other has been stored here before. */
  private volatile LongBuffer[] words = {};

  private boolean closed;

  private PageMemory(PageFile file) {
    this.file = file;
  }

  /**
   * Opens the file at {@code path}, which must exist, for reading and writing and maps all of it.
   */
  public static PageMemory open(Path path) throws IOException {
    PageFile file = PageFile.open(path);
    boolean mapped = false;
    try {
      PageMemory memory = new PageMemory(file);
      memory.refresh(0, 1);
      mapped = true;
      return memory;
    } finally {
      if (!mapped) {
        file.close();
      }
    }
  }

  public Path path() {
    return file.path();
  }

  /** Whether {@code path} still names the mapped file. */
  public boolean isAt(Path where) {
    return lengthAt(where) >= 0;
  }

  /**
   * The length of the mapped file, or -1 if {@code where} does not name it. Asks by the name and
   * takes no lock: whoever touched a page that is no longer there may have left a channel's locked.
   */
  public long lengthAt(Path where) {
    return file.lengthAt(where);
  }

  /**
   * Throws the error of a lost page that this thread has touched, if one is on its way. Java 17
   * throws it not where the page is touched but at some later return from the JVM to Java; inside
   * of a synchronized block or a class's initializer of the JDK's it would leave that locked, or
   * broken, for good. So whoever may have touched such a page calls this before it enters such
   * code. Of what calls the JVM in compiled code, few things look for such an error each time they
   * return, and an array of arrays is one: {@code LateErrorIT} holds it to that.
   */
  public static void throwLateError() {
    none = new byte[none][none].length;
  }

  /** The length of the file when it was mapped last; it never shrinks but by an outsider. */
  public long mappedLength() {
    ByteBuffer[] mapped = windows;
    int last = mapped.length - 1;
    return last < 0 ? 0 : ((long) last << WINDOW_SHIFT) + mapped[last].capacity();
  }

  /**
   * Appends zeros until the file is at least {@code length} bytes long, so that every mapped page
   * has its block. The descriptor is in append mode: even a stale caller can only make the file
   * longer.
   *
   * @throws IOException if the disk is full; the file may then be longer than before
   */
  public void appendZerosTo(long length) throws IOException {
    throwLateError();
    while (file.length() < length) {
      file.appendZeros(length);
      if (LOG != null) {
        LOG.stored(this, StoreLog.Access.LENGTH, file.length(), 0);
      }
    }
  }

  /**
   * Whether more room would have helped: a write failed, if not for an error of the device or with
   * its channel, or an operation on a name for that reason.
   */
  public static boolean isForLackOfRoom(IOException e) {
    if (e instanceof FileSystemException named) {
      return String.valueOf(named.getReason()).matches("No space left.*|Disk quota.*");
    }
    return !(e instanceof ClosedChannelException)
        && !String.valueOf(e.getMessage()).startsWith("Input/output error");
  }

  /**
   * Cuts the file, which nobody else may have mapped: no position beyond {@code length} may be
   * touched any more.
   */
  public void truncate(long length) throws IOException {
    file.truncate(length);
    if (LOG != null) {
      LOG.stored(this, StoreLog.Access.LENGTH, length, 0);
    }
  }

  /** Whether the {@code length} bytes at {@code position} are mapped here in one piece. */
  public boolean covers(long position, long length) {
    ByteBuffer[] mapped = windows;
    long window = position >>> WINDOW_SHIFT;
    return window < mapped.length
        && length <= mapped[(int) window].capacity() - (position & WINDOW_MASK);
  }

  /** As {@link #covers}, after mapping what others may have added. */
  public boolean ensureCovers(long position, long length) {
    if (covers(position, length)) {
      return true;
    }
    throwLateError();
    try {
      refresh(position, length);
    } catch (IOException e) {
      throw new BookException.Refused("the file cannot be mapped: file=" + path(), e);
    }
    return covers(position, length);
  }

  /** Maps what the file has more than before, and whatever else is needed to cover the position. */
  private synchronized void refresh(long position, long length) throws IOException {
    if (closed) {
      return;
    }
    long end = file.length();
    ByteBuffer[] old = windows;
    int count = (int) ((end + WINDOW_MASK) >>> WINDOW_SHIFT);
    if (count < old.length) {
      return; // truncated by an outsider: keep what we have, the file watch reports it
    }
    ByteBuffer[] mapped = Arrays.copyOf(old, count);
    int window = old.length;
    if (window > 0 && mappedLength() < Math.min(end, windowStart(window))) {
      window--; // the last one ends where the file did
    }
    int first = window;
    while (window < count) {
      long start = windowStart(window);
      long bytes = Math.min(MAPPING_BYTES, end - start);
      ByteBuffer all = file.map(start, bytes);
      for (long offset = 0; offset < bytes; offset += WINDOW_STEP_BYTES) {
        mapped[window++] = windowAt(all, (int) offset);
      }
    }
    show(mapped, first, count);
    remapAcross(position, length, end);
  }

  /**
   * One more mapping for what is in the file and lies across two of those that are there. It takes
   * the place of all windows that reach less far: none may end before one ahead of it does.
   */
  private void remapAcross(long position, long length, long end) throws IOException {
    long window = position >>> WINDOW_SHIFT; // of a damaged word at times: beyond all, or negative
    if (window >= windows.length
        || length > end - position
        || length > WINDOW_BYTES - (position & WINDOW_MASK)
        || covers(position, length)) {
      return;
    }
    ByteBuffer[] mapped = windows.clone();
    int first = (int) window;
    long start = windowStart(first);
    ByteBuffer all = file.map(start, Math.min(WINDOW_BYTES, end - start));
    int next = first;
    while (next < mapped.length && windowStart(next) - start < all.capacity()) {
      int offset = (int) (windowStart(next) - start);
      if (mapped[next].capacity() < all.capacity() - offset) {
        mapped[next] = windowAt(all, offset);
      }
      next++;
    }
    show(mapped, first, next);
  }

  /** Publishes windows, of which those from {@code first} to {@code end} are new. */
  private void show(ByteBuffer[] mapped, int first, int end) {
    LongBuffer[] mappedWords = Arrays.copyOf(words, mapped.length);
    for (int i = first; i < end; i++) {
      mappedWords[i] = mapped[i].asLongBuffer();
    }
    words = mappedWords;
    windows = mapped;
  }

  private static long windowStart(int window) {
    return (long) window << WINDOW_SHIFT;
  }

  private static ByteBuffer windowAt(ByteBuffer mapping, int offset) {
    return mapping
        .slice(offset, Math.min(WINDOW_BYTES, mapping.capacity() - offset))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Forces changed pages to the device, the last ones first: the page count is in the first, and
   * what it counts is to be there before it.
   */
  public void force() {
    ByteBuffer[] forced = windows;
    for (int i = forced.length - 1; i >= 0; i--) {
      ByteBuffer window = forced[i];
      if (window instanceof java.nio.MappedByteBuffer mapped) {
        mapped.force(0, Math.min(WINDOW_STEP_BYTES, mapped.capacity()));
      }
    }
  }

  private ByteBuffer window(long position) {
    return windows[(int) (position >>> WINDOW_SHIFT)];
  }

  private LongBuffer words(long position) {
    return words[(int) (position >>> WINDOW_SHIFT)];
  }

  private static int word(long position) {
    return offset(position) >> WORD_SHIFT;
  }

  private static int offset(long position) {
    return (int) position & WINDOW_MASK;
  }

  public long getLongPlain(long position) {
    return words(position).get(word(position));
  }

  public long getLongAcquire(long position) {
    long value = words(position).get(word(position));
    VarHandle.acquireFence();
    return value;
  }

  public long getLongVolatile(long position) {
    return (long) LONG.getVolatile(window(position), offset(position));
  }

  public void putLongPlain(long position, long value) {
    words(position).put(word(position), value);
    if (LOG != null) {
      LOG.stored(this, StoreLog.Access.PLAIN, position);
    }
  }

  public void putLongRelease(long position, long value) {
    VarHandle.releaseFence();
    words(position).put(word(position), value);
    if (LOG != null) {
      LOG.stored(this, StoreLog.Access.RELEASE, position);
    }
  }

  public void putLongVolatile(long position, long value) {
    LONG.setVolatile(window(position), offset(position), value);
    if (LOG != null) {
      LOG.stored(this, StoreLog.Access.VOLATILE, position);
    }
  }

  /**
   * Volatile compare-and-set. The word is loaded first: a compare-and-set may not meet a lost page
   * first, at which the interpreter's, other than one in compiled code, ends the JVM. The first
   * ones of a JVM also look for the late error of that load, see {@link #compareAndSetLongCold}.
   */
  public boolean compareAndSetLong(long position, long expected, long value) {
    ByteBuffer window = window(position);
    int offset = offset(position);
    if ((long) LONG.getVolatile(window, offset) != expected) {
      return false;
    }
    if (coldCompareAndSets > 0) {
      coldCompareAndSets--;
      throwLateError();
    }
    boolean stored = LONG.compareAndSet(window, offset, expected, value);
    if (LOG != null && stored) {
      LOG.stored(this, StoreLog.Access.VOLATILE, position);
    }
    return stored;
  }

  /**
   * As {@link #compareAndSetLong}, for what is done too seldom to be compiled soon. A load in
   * compiled code that met a lost page returns whatever was in its register, so that a loop takes
   * one such word for the expected one and the next for the same; and the interpreter's own
   * compare-and-set, unlike compiled code, ends the JVM at a lost page. Costs some 80 ns.
   */
  public boolean compareAndSetLongCold(long position, long expected, long value) {
    if (getLongVolatile(position) != expected) {
      return false;
    }
    throwLateError();
    return compareAndSetLong(position, expected, value);
  }

  /**
   * The window that holds the {@code length} bytes at {@code position}, for several accesses there;
   * null if it is not mapped so far, see {@link #ensureCovers}.
   */
  public @Nullable ByteBuffer windowOf(long position, int length) {
    ByteBuffer[] mapped = windows;
    long window = position >>> WINDOW_SHIFT;
    if (window >= mapped.length) {
      return null;
    }
    ByteBuffer found = mapped[(int) window];
    return (position & WINDOW_MASK) + length <= found.capacity() ? found : null;
  }

  /**
   * As {@link #windowOf}, after mapping what others may have added; null if the file does not reach
   * that far.
   */
  public @Nullable ByteBuffer ensureWindowOf(long position, int length) {
    ByteBuffer window = windowOf(position, length);
    return window == null && ensureCovers(position, length) ? windowOf(position, length) : window;
  }

  /**
   * The words from a position on.
   *
   * @throws BookException.Corrupt if the file does not reach that far
   */
  public Words words(long position, int bytes) {
    if (!ensureCovers(position, bytes)) {
      throw new BookException.Corrupt(
          "the file is shorter than its header: position="
              + position
              + ", file="
              + path()
              + "; somebody truncated it: restore a copy");
    }
    return new Words(this, position, words(position).slice(word(position), bytes >> WORD_SHIFT));
  }

  /** Where a position is in its window. */
  public static int offsetInWindow(long position) {
    return offset(position);
  }

  public static long getLongPlain(ByteBuffer window, int offset) {
    return window.getLong(offset);
  }

  public static long getLongAcquire(ByteBuffer window, int offset) {
    long value = window.getLong(offset);
    VarHandle.acquireFence();
    return value;
  }

  /** As {@link #copyOut(long, byte[], int, int)}. */
  public static void copyOut(ByteBuffer window, int offset, byte[] target, int index, int length) {
    window.get(offset, target, index, length);
  }

  public int getIntPlain(long position) {
    return window(position).getInt(offset(position));
  }

  public void putIntPlain(long position, int value) {
    window(position).putInt(offset(position), value);
    if (LOG != null) {
      LOG.stored(this, StoreLog.Access.PLAIN, position, Integer.BYTES);
    }
  }

  /** Copies mapped bytes to the heap; a plain access. */
  public void copyOut(long position, byte[] target, int index, int length) {
    if (length == 0) {
      return; // the position may be the end of the last window
    }
    window(position).get(offset(position), target, index, length);
  }

  /** Copies heap bytes into the mapping; a plain access. */
  public void copyIn(long position, byte[] source, int index, int length) {
    if (length == 0) {
      return; // the position may be the end of the last window
    }
    window(position).put(offset(position), source, index, length);
    if (LOG != null) {
      LOG.stored(this, StoreLog.Access.PLAIN, position, length);
    }
  }

  /** Stores zeros; a plain access. {@code position} and {@code length} are multiples of 8. */
  public void zero(long position, long length) {
    for (long at = position; at < position + length; at += Long.BYTES) {
      putLongPlain(at, 0);
    }
  }

  /** A read-only view of mapped bytes, for no-copy reads under a lock. */
  public ByteBuffer view(long position, int length) {
    return window(position).slice(offset(position), length).asReadOnlyBuffer();
  }

  /** No load or store before the fence is reordered with a store after it. */
  public static void releaseFence() {
    VarHandle.releaseFence();
    if (LOG != null) {
      LOG.stored(null, StoreLog.Access.FENCE, 0, 0);
    }
  }

  /** No load before the fence is reordered with a load or store after it. */
  public static void acquireFence() {
    VarHandle.acquireFence();
  }

  /**
   * Closes the descriptors. Mappings stay valid for threads still inside and go when the collector
   * finds them.
   */
  @Override
  public synchronized void close() {
    closed = true;
    file.close();
  }

  /** No use of it from here on, but the descriptors are left to the collector. */
  public synchronized void abandon() {
    closed = true;
    file.abandon();
  }
}
