package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.PrimitiveIterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A book: strings and bytes under 32-bit IDs in one memory-mapped file, shared by all processes of
 * a host that open it. Thread- and process-safe. A write that has returned is seen by every read
 * that starts afterwards, in any process, and survives the death of any process. Reads take no
 * lock.
 *
 * <p>All methods throw {@link BookException.Closed} once the book is closed here or destroyed
 * anywhere. Writes throw {@link BookException.Full} where there is no room, {@link
 * BookException.TooLarge} for a value that never fits, {@link BookException.LockTimeout} if a live
 * process kept a lock, and {@link BookException.LockMisuse} if the calling thread holds the
 * book-wide read lock; nothing is changed then. The two {@linkplain #isReserved reserved IDs} are
 * refused with an {@link IllegalArgumentException}.
 */
public final class PageBook implements AutoCloseable {
  private static final int RESERVED_LAST = 0xFFFFFFFF;
  private static final int RESERVED_LAST_256 = 0xFFFFFF00;

  private final OpenBook book;
  private final RecordStore records;

  /** Weakly, so that the threads of a server do not keep an unloaded application's classes. */
  @SuppressWarnings("ThreadLocalUsage") // of the instance, so that it goes with it
  private final ThreadLocal<WeakReference<RecordBuffer>> buffers = new ThreadLocal<>();

  private PageBook(OpenBook book) {
    this.book = book;
    this.records = new RecordStore(book);
  }

  /**
   * Opens the book at {@code file}, creating it if there is none. Of several processes that do so
   * at once, one creates it and the others attach. Whoever attaches takes page size, limits and
   * shards from the file.
   *
   * @throws BookException if the file is no book, is damaged, is of another version, or the system
   *     refuses; the file is left as it is
   */
  public static PageBook open(Path file, BookOptions options) {
    Objects.requireNonNull(file, "file");
    OpenBook book = BookOpener.open(file, Objects.requireNonNull(options, "options"));
    boolean kept = false;
    try {
      Housekeeper.add(book);
      PageBook opened = new PageBook(book);
      kept = true;
      return opened;
    } finally {
      if (!kept) {
        Housekeeper.remove(book);
        book.close();
      }
    }
  }

  /** As {@link #open(Path, BookOptions)} with {@link BookOptions#DEFAULT}. */
  public static PageBook open(Path file) {
    return open(file, BookOptions.DEFAULT);
  }

  /**
   * Destroys the book: those who have it open get {@link BookException.Closed} from their next call
   * on, and the file is deleted; its blocks return when the last process has unmapped them. False
   * if there is no file, or somebody else destroys the book at this moment.
   *
   * @throws BookException if there is a file and it is no book
   * @throws BookException.LockTimeout if a live process kept a lock, such as one that vacuums
   */
  public static boolean destroy(Path file) {
    return BookOpener.destroy(Objects.requireNonNull(file, "file"));
  }

  /** Whether an ID is one of the two that no record can have, 0xFFFFFFFF and 0xFFFFFF00. */
  public static boolean isReserved(int id) {
    return id == RESERVED_LAST || id == RESERVED_LAST_256;
  }

  /** Whether this call of open created the file rather than attached to it. */
  public boolean created() {
    return book.created();
  }

  public Path file() {
    return book.path();
  }

  public int pageSizeBytes() {
    return book.file().header().pageBytes();
  }

  /** The size that the file never grows beyond, in whole pages; 0 if it has no bound. */
  public long maximumSizeBytes() {
    return book.file().header().maximumPages() * pageSizeBytes();
  }

  /** The number of records that the book never has more of; 0 if it has no bound. */
  public long maximumEntries() {
    return book.file().header().maximumEntries();
  }

  /** What the book does when it is full; its creator's choice. */
  public BookOptions.OnFull onFull() {
    return book.file().header().onFull() == BookLayout.ON_FULL_EVICT
        ? BookOptions.OnFull.EVICT
        : BookOptions.OnFull.FAIL;
  }

  /** Adds a string; false, and nothing changed, if the ID exists. */
  public boolean addString(int id, String value) {
    RecordBuffer buffer = buffer(id);
    StringValue.write(value, buffer);
    return add(buffer);
  }

  /** Adds or replaces a string; true if a value was replaced. */
  public boolean putString(int id, String value) {
    RecordBuffer buffer = buffer(id);
    StringValue.write(value, buffer);
    return put(buffer);
  }

  /** Adds bytes; false, and nothing changed, if the ID exists. */
  public boolean addBytes(int id, byte[] value) {
    return add(bytes(id, value));
  }

  /** Adds or replaces bytes; true if a value was replaced. */
  public boolean putBytes(int id, byte[] value) {
    return put(bytes(id, value));
  }

  /**
   * The string of an ID, or null if there is none.
   *
   * @throws IllegalStateException if the value is not a string
   */
  public @Nullable String getString(int id) {
    RecordBuffer buffer = buffer(id);
    return records.get(buffer) ? done(buffer, StringValue.read(buffer)) : null;
  }

  /** The bytes of an ID, or null if there is none. A string's bytes are those it is stored as. */
  public byte @Nullable [] getBytes(int id) {
    RecordBuffer buffer = buffer(id);
    return records.get(buffer) ? done(buffer, buffer.takeValue()) : null;
  }

  /**
   * Copies the value into a caller's buffer, as much of it as there is room for.
   *
   * @return the whole length of the value in bytes, or -1 if there is none
   * @throws java.nio.ReadOnlyBufferException if {@code target} is read-only
   */
  public int read(int id, ByteBuffer target) {
    if (target.isReadOnly()) {
      throw new java.nio.ReadOnlyBufferException();
    }
    RecordBuffer buffer = buffer(id);
    if (!records.get(buffer)) {
      return -1;
    }
    int length = buffer.valueLength();
    target.put(buffer.value(), 0, Math.min(length, target.remaining()));
    return done(buffer, length);
  }

  /**
   * Reads without a copy: hands the value, in order, to {@code slices} as read-only views of the
   * mapped pages. This runs under the lock of the record's shard: writers of that shard wait
   * meanwhile, so be quick, do not use the book inside, and do not keep the views.
   *
   * @return false if there is no value
   */
  public boolean view(int id, Consumer<ByteBuffer> slices) {
    return records.view(buffer(id), slices);
  }

  /** The length of a string in characters, or -1 if there is no string. */
  public int stringLength(int id) {
    RecordBuffer buffer = buffer(id);
    return records.find(buffer) ? StringValue.length(buffer) : -1;
  }

  /** The length of a value in bytes as stored, or -1 if there is none. */
  public int sizeBytes(int id) {
    RecordBuffer buffer = buffer(id);
    return records.find(buffer) ? buffer.valueLength() : -1;
  }

  public boolean contains(int id) {
    return records.find(buffer(id));
  }

  /** Removes a value; false if there is none. */
  public boolean remove(int id) {
    return records.remove(buffer(id));
  }

  /** Number of values. */
  public long count() {
    return records.count();
  }

  /** Bytes of all values with their headers, without the index and unused space. */
  public long usedBytes() {
    return records.usedBytes();
  }

  /** Length of the file in bytes. */
  public long fileBytes() {
    BookFile file = book.file();
    return file.geometry().position(file.pool().pageCount());
  }

  /**
   * The IDs that have values: each that is there throughout exactly once, others once or not at
   * all.
   */
  public PrimitiveIterator.OfInt ids() {
    RecordCursor cursor = records.cursor();
    RecordBuffer buffer = new RecordBuffer();
    return new PrimitiveIterator.OfInt() {
      private boolean ready;

      @Override
      public boolean hasNext() {
        while (!ready && cursor.nextKey(buffer)) {
          ready = buffer.keyIsId() && records.find(buffer);
        }
        return ready;
      }

      @Override
      public int nextInt() {
        if (!hasNext()) {
          throw new NoSuchElementException("no more IDs");
        }
        ready = false;
        return buffer.id();
      }
    };
  }

  /**
   * Takes the book-wide read lock for this thread: until it is closed nobody writes, in any
   * process, this thread included. Any number of threads may hold it; plain reads need no lock. A
   * waiting {@linkplain #lockForWriting writer} goes first.
   *
   * @param timeout how long to wait at the most; zero and less: not at all; more than 36500 days
   *     are taken for those
   * @throws BookException.LockTimeout if a live process kept it out
   * @throws BookException.LockMisuse if this thread holds a book-wide lock
   */
  public BookLock lockForReading(Duration timeout) {
    return lock(timeout, false);
  }

  /**
   * Takes the book-wide write lock for this thread: until it is closed nobody else writes or holds
   * a book-wide lock. Exceptions as for {@link #lockForReading}.
   */
  public BookLock lockForWriting(Duration timeout) {
    return lock(timeout, true);
  }

  private BookLock lock(Duration timeout, boolean forWriting) {
    long deadline = System.nanoTime() + BookOptions.patienceNanos(timeout);
    while (true) {
      BookFile file = records.serving();
      long patience = Math.max(1, deadline - System.nanoTime());
      try {
        if (forWriting) {
          file.gate().lockForWriting(file.shards(), patience);
        } else {
          file.gate().lockForReading(file.shards(), patience);
        }
        BookLock lock = new HeldLock(file.gate(), forWriting);
        if (file.state() == BookLayout.STATE_NORMAL) {
          return lock;
        }
        lock.close();
      } catch (BookException e) {
        book.throwUnlessMoved(file, e);
      }
      book.settle(deadline);
    }
  }

  /**
   * Copies the live records to a new, smaller file, which takes the place of this one. Readers go
   * on meanwhile; writers of all processes wait. Needs room for the copy.
   *
   * @return by how many bytes the file became smaller
   * @throws BookException.LockTimeout if a live process kept a lock
   * @throws BookException.Full if there is no room for the copy; nothing is changed then
   */
  public long vacuum() {
    return Vacuum.run(book);
  }

  /** The records under keys of any kind, for providers. */
  public RecordStore records() {
    return records;
  }

  /** Leaves the book to the others. Closing twice is harmless. */
  @Override
  public void close() {
    Housekeeper.remove(book);
    book.close();
  }

  OpenBook openBook() {
    return book;
  }

  private RecordBuffer buffer(int id) {
    if (isReserved(id)) {
      throw new IllegalArgumentException(
          "the ID is reserved: id=0x" + Integer.toHexString(id) + ", file=" + book.path());
    }
    RecordBuffer buffer = threadBuffer();
    buffer.setId(id);
    buffer.setExpiryMillis(RecordBuffer.NEVER);
    return buffer;
  }

  private RecordBuffer threadBuffer() {
    WeakReference<RecordBuffer> reference = buffers.get();
    RecordBuffer buffer = reference == null ? null : reference.get();
    if (buffer == null) {
      buffer = new RecordBuffer();
      buffers.set(new WeakReference<>(buffer));
    }
    return buffer;
  }

  /** A large value is not copied: {@link #add} and {@link #put} let go of it in any case. */
  private RecordBuffer bytes(int id, byte[] value) {
    RecordBuffer buffer = buffer(id);
    if (value.length > RecordBuffer.RETAINED_CAPACITY) {
      buffer.wrapValue(value, value.length);
    } else {
      System.arraycopy(value, 0, buffer.startValue(value.length), 0, value.length);
    }
    buffer.setType(ValueType.BYTES);
    return buffer;
  }

  private boolean add(RecordBuffer buffer) {
    try {
      return records.add(buffer);
    } finally {
      buffer.releaseValue();
    }
  }

  private boolean put(RecordBuffer buffer) {
    try {
      return records.put(buffer);
    } finally {
      buffer.releaseValue();
    }
  }

  private static <T> T done(RecordBuffer buffer, T result) {
    buffer.releaseValue();
    return result;
  }

  /** A book-wide hold, bound to the thread that took it. */
  public interface BookLock extends AutoCloseable {
    /**
     * Releases the lock; closing twice is harmless.
     *
     * @throws BookException.LockMisuse on another thread than the one that took it
     */
    @Override
    void close();
  }

  private static final class HeldLock implements BookLock {
    private final BookGate gate;
    private final boolean forWriting;
    private boolean closed;

    HeldLock(BookGate gate, boolean forWriting) {
      this.gate = gate;
      this.forWriting = forWriting;
    }

    @Override
    public void close() {
      if (closed || gate.hasLeft()) { // who has left holds nothing
        return;
      }
      if (forWriting) {
        gate.unlockWriting();
      } else {
        gate.unlockReading();
      }
      closed = true;
    }
  }
}
