package io.pagebook.book;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to open a book. Page size, sizes, bounds and the number of shards matter only to the process
 * that creates the file; whoever attaches later takes them from the file. Immutable; each {@code
 * with} method returns a copy.
 *
 * @param pageSizeBytes a power of two from 1 KiB to 1 MiB
 * @param initialSizeBytes space allocated at creation, rounded up to whole pages as far as the
 *     maximum allows; 0 means the smallest book
 * @param maximumSizeBytes the size the file never grows beyond; 0 means no bound but the disk's
 * @param maximumEntries the number of records that the book never has more of; 0 means no bound. A
 *     book that evicts keeps it exactly, each shard having its part; one that fails may exceed it
 *     by as many records as there are writers at that moment
 * @param onFull what a bounded book does when it is full
 * @param shards the number of independently locked parts, a power of two from 1 to 128, and at most
 *     half of the entries where the book evicts, of which each has its part; 0 lets the book choose
 * @param lockTimeout how long an operation waits for a lock that a live process holds, at most
 *     36500 days
 * @param verifyChecksums whether each read verifies the record's CRC32C (a mismatch is a counted
 *     miss)
 * @param forceInterval how often changed pages are forced to the disk, at most 36500 days; {@code
 *     null} never, zero after each write
 * @param clock what tells this process that a record has expired, when space is made
 */
public record BookOptions(
    int pageSizeBytes,
    long initialSizeBytes,
    long maximumSizeBytes,
    long maximumEntries,
    OnFull onFull,
    int shards,
    Duration lockTimeout,
    boolean verifyChecksums,
    @Nullable Duration forceInterval,
    InstantSource clock) {

  /** What a bounded book does when it is full. */
  public enum OnFull {
    /** Refuses the write with {@link BookException.Full}. */
    FAIL,
    /** Drops the records that are least likely to be asked for. */
    EVICT
  }

  /** Fits into 64 bits as nanoseconds, the clock's added. First, for the default is checked. */
  private static final Duration MAX_DURATION = Duration.ofDays(36_500);

  /**
   * 4 KiB pages, unbounded, shards chosen by the book, ten seconds of patience, checksums verified,
   * never forced.
   */
  public static final BookOptions DEFAULT =
      new BookOptions(
          4096,
          0,
          0,
          0,
          OnFull.FAIL,
          0,
          Duration.ofSeconds(10),
          true,
          null,
          InstantSource.system());

  private static final int MIN_PAGE_SIZE = 1 << 10;
  private static final int MAX_PAGE_SIZE = 1 << 20;
  private static final int MAX_SHARDS = 128;

  /** Where the index cannot point any more. */
  private static final long MAX_INITIAL_SIZE = 1L << 43;

  /** A duration in nanoseconds, to which the clock's can be added; negative ones are 0. */
  static long patienceNanos(Duration duration) {
    if (duration.isNegative()) {
      return 0;
    }
    return (duration.compareTo(MAX_DURATION) < 0 ? duration : MAX_DURATION).toNanos();
  }

  public BookOptions {
    Objects.requireNonNull(lockTimeout, "lockTimeout");
    Objects.requireNonNull(onFull, "onFull");
    Objects.requireNonNull(clock, "clock");
    require(
        Integer.bitCount(pageSizeBytes) == 1
            && pageSizeBytes >= MIN_PAGE_SIZE
            && pageSizeBytes <= MAX_PAGE_SIZE,
        "page size must be a power of two from 1024 to 1048576 bytes: pageSizeBytes=%s",
        pageSizeBytes);
    require(
        initialSizeBytes >= 0,
        "initial size must not be negative: initialSizeBytes=%s",
        initialSizeBytes);
    require(
        initialSizeBytes <= MAX_INITIAL_SIZE,
        "initial size must not exceed 8 TiB, what a book can address: initialSizeBytes=%s",
        initialSizeBytes);
    require(
        maximumSizeBytes >= 0,
        "maximum size must not be negative: maximumSizeBytes=%s",
        maximumSizeBytes);
    require(
        maximumSizeBytes == 0 || initialSizeBytes <= maximumSizeBytes,
        "initial size must not exceed the maximum size: initialSizeBytes=%s",
        initialSizeBytes);
    require(
        maximumEntries >= 0,
        "maximum entries must not be negative: maximumEntries=%s",
        maximumEntries);
    require(
        maximumEntries == 0 || shards <= maximumEntries,
        "there must not be more shards than entries: shards=%s",
        shards);
    require(
        onFull == OnFull.FAIL || maximumEntries == 0 || shards <= maximumEntries / 2,
        "a book that evicts needs two entries or more for each shard: shards=%s",
        shards);
    require(
        onFull == OnFull.FAIL || maximumSizeBytes != 0 || maximumEntries != 0,
        "a book that evicts needs a bound, in bytes or entries: onFull=%s",
        onFull);
    require(
        shards == 0 || (Integer.bitCount(shards) == 1 && shards > 0 && shards <= MAX_SHARDS),
        "shards must be 0 or a power of two from 1 to 128: shards=%s",
        shards);
    require(
        !lockTimeout.isNegative()
            && !lockTimeout.isZero()
            && lockTimeout.compareTo(MAX_DURATION) <= 0,
        "lock timeout must be positive and at most 36500 days: lockTimeout=%s",
        lockTimeout);
    require(
        forceInterval == null
            || (!forceInterval.isNegative() && forceInterval.compareTo(MAX_DURATION) <= 0),
        "force interval must not be negative, and at most 36500 days: forceInterval=%s",
        forceInterval == null ? "" : forceInterval);
  }

  public BookOptions withPageSizeBytes(int bytes) {
    return new BookOptions(
        bytes,
        initialSizeBytes,
        maximumSizeBytes,
        maximumEntries,
        onFull,
        shards,
        lockTimeout,
        verifyChecksums,
        forceInterval,
        clock);
  }

  public BookOptions withInitialSizeBytes(long bytes) {
    return new BookOptions(
        pageSizeBytes,
        bytes,
        maximumSizeBytes,
        maximumEntries,
        onFull,
        shards,
        lockTimeout,
        verifyChecksums,
        forceInterval,
        clock);
  }

  public BookOptions withMaximumSizeBytes(long bytes) {
    return new BookOptions(
        pageSizeBytes,
        initialSizeBytes,
        bytes,
        maximumEntries,
        onFull,
        shards,
        lockTimeout,
        verifyChecksums,
        forceInterval,
        clock);
  }

  public BookOptions withMaximumEntries(long entries) {
    return new BookOptions(
        pageSizeBytes,
        initialSizeBytes,
        maximumSizeBytes,
        entries,
        onFull,
        shards,
        lockTimeout,
        verifyChecksums,
        forceInterval,
        clock);
  }

  /** Set a bound first: a book without one cannot evict. */
  public BookOptions withOnFull(OnFull policy) {
    return new BookOptions(
        pageSizeBytes,
        initialSizeBytes,
        maximumSizeBytes,
        maximumEntries,
        policy,
        shards,
        lockTimeout,
        verifyChecksums,
        forceInterval,
        clock);
  }

  public BookOptions withShards(int count) {
    return new BookOptions(
        pageSizeBytes,
        initialSizeBytes,
        maximumSizeBytes,
        maximumEntries,
        onFull,
        count,
        lockTimeout,
        verifyChecksums,
        forceInterval,
        clock);
  }

  public BookOptions withLockTimeout(Duration timeout) {
    return new BookOptions(
        pageSizeBytes,
        initialSizeBytes,
        maximumSizeBytes,
        maximumEntries,
        onFull,
        shards,
        timeout,
        verifyChecksums,
        forceInterval,
        clock);
  }

  public BookOptions withVerifyChecksums(boolean verify) {
    return new BookOptions(
        pageSizeBytes,
        initialSizeBytes,
        maximumSizeBytes,
        maximumEntries,
        onFull,
        shards,
        lockTimeout,
        verify,
        forceInterval,
        clock);
  }

  public BookOptions withForceInterval(@Nullable Duration interval) {
    return new BookOptions(
        pageSizeBytes,
        initialSizeBytes,
        maximumSizeBytes,
        maximumEntries,
        onFull,
        shards,
        lockTimeout,
        verifyChecksums,
        interval,
        clock);
  }

  public BookOptions withClock(InstantSource source) {
    return new BookOptions(
        pageSizeBytes,
        initialSizeBytes,
        maximumSizeBytes,
        maximumEntries,
        onFull,
        shards,
        lockTimeout,
        verifyChecksums,
        forceInterval,
        source);
  }

  private static void require(boolean condition, String template, Object value) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, template, value));
    }
  }
}
