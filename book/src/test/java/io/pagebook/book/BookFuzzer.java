package io.pagebook.book;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.testing.Parent;
import io.pagebook.testing.Seeds;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;

/**
 * The child of {@link BookFuzzIT}: damages a book in one way after the other, uses it, and says
 * what was neither a value that was written, nor a miss, nor a typed refusal. A watchdog halts it
 * when a call does not end.
 */
final class BookFuzzer {
  static final int EXIT_HANG = 4;
  private static final long LONGEST_CALL_NANOS = 8_000_000_000L;
  private static final long MOST_GROWTH_BYTES = 8L << 20;

  /** By calls that go through the whole book; a call on one record may not exceed its file. */
  private static final long MOST_ALLOCATED_BYTES = 16L << 20;

  private static final long ALLOCATED_ANYHOW_BYTES = 1L << 20;
  private static final Set<String> ON_ONE_RECORD = Set.of("get", "put", "remove", "view", "touch");
  private static final int MOST_TIMEOUTS = 2;
  private static final long WRITTEN_EXPIRY = 200_000_000_000_000L;
  private static final long TOUCHED_EXPIRY = 150_000_000_000_000L;
  private static final Set<Long> LATER_EXPIRIES =
      Set.of(RecordBuffer.NEVER, WRITTEN_EXPIRY, TOUCHED_EXPIRY);
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** When the damage is done. */
  enum Mode {
    AT_REST,
    /** Behind the back of a process that has the book open. */
    LIVE,
    BEFORE_REBOOT
  }

  private final Parent parent;
  private final Path directory;
  private final FuzzedBook base;
  private final boolean exhaustive;
  private final long seed;
  private final List<Integer> metadata;
  private final Map<ByteBuffer, List<byte[]>> written = new HashMap<>();
  private final com.sun.management.ThreadMXBean threads =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private volatile String call = "none";
  private volatile long callSince = System.nanoTime();
  private volatile String caseName = "none";
  private final AtomicInteger failures = new AtomicInteger();
  private int timeouts;

  /** Whether the damage of this case is to one byte. */
  private boolean oneByte;

  private long refusals;
  private long misses;
  private long values;
  private long opened;
  private long damaged;
  private long uncounted;

  private BookFuzzer(Parent parent, Path directory, boolean bounded, boolean exhaustive, long seed)
      throws IOException {
    this.parent = parent;
    this.directory = directory;
    this.exhaustive = exhaustive;
    this.seed = seed;
    Path file = directory.resolve("base.book");
    Files.deleteIfExists(file);
    this.base = FuzzedBook.write(file, bounded);
    this.metadata = base.metadata();
  }

  public static void main(String[] args) throws IOException {
    LogManager.getLogManager().reset(); // damage is logged, once a book
    Parent parent = Parent.connect();
    BookFuzzer fuzzer =
        new BookFuzzer(
            parent,
            Path.of(args[0]),
            Boolean.parseBoolean(args[1]),
            Boolean.parseBoolean(args[2]),
            Seeds.inherited());
    fuzzer.run(Integer.parseInt(args[3]), Integer.parseInt(args[4]));
  }

  private void run(int from, int to) throws IOException {
    int end = exhaustive ? Math.min(to, 2 * metadata.size()) : to;
    parent.say("CASES " + end + " metadata=" + metadata.size() + " bytes=" + base.image().size());
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> fail("thread " + thread.getName(), e));
    Thread watchdog = new Thread(this::watch, "watchdog");
    watchdog.setDaemon(true);
    watchdog.start();
    try (RandomAccessFile progress =
        new RandomAccessFile(directory.resolve("progress").toFile(), "rw")) {
      for (int n = from; n < end; n++) {
        progress.seek(0);
        progress.writeLong(n);
        runCase(n);
      }
    }
    call = "none";
    parent.say(
        "DONE values="
            + values
            + " misses="
            + misses
            + " refusals="
            + refusals
            + " opened="
            + opened
            + " damaged="
            + damaged
            + " uncounted="
            + uncounted);
    Runtime.getRuntime().halt(0);
  }

  private void watch() {
    while (true) {
      LockSupport.parkNanos(100_000_000);
      String now = call;
      if (!"none".equals(now) && System.nanoTime() - callSince > LONGEST_CALL_NANOS) {
        StringBuilder stack = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
          if ("main".equals(entry.getKey().getName())) {
            for (StackTraceElement element : entry.getValue()) {
              stack.append(" <- ").append(element);
            }
          }
        }
        parent.say("FAIL " + caseName + ": HANG in " + now + stack);
        Runtime.getRuntime().halt(EXIT_HANG);
      }
    }
  }

  private void runCase(int n) throws IOException {
    SplittableRandom random = new SplittableRandom(Seeds.mix(seed ^ Seeds.mix(n)));
    Mode mode = mode(random, n);
    BookImage image = base.image().copy();
    String damage = exhaustive ? flip(image, metadata.get(n / 2), random) : damage(image, random);
    byte[] bytes = image.bytes();
    oneByte = damage.matches("(flip|bit) at=[^,]*");
    String name = "case " + n + " " + mode + " " + damage;
    if (!exhaustive && mode != Mode.LIVE && random.nextInt(20) == 0) {
      int length = random.nextInt(bytes.length + 1);
      bytes = Arrays.copyOf(bytes, length);
      name += ", truncate " + length;
      oneByte = false;
    }
    caseName = name;
    if (mode == Mode.BEFORE_REBOOT && bytes.length > BookLayout.BOOT_ID_LOW_OFFSET + 8) {
      ByteBuffer.wrap(bytes)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(BookLayout.BOOT_ID_HIGH_OFFSET, 0x1122334455667788L);
    }
    written.clear();
    timeouts = 0;
    Path file = directory.resolve("f.book");
    Files.deleteIfExists(file);
    Files.write(file, mode == Mode.LIVE ? base.image().bytes() : bytes);
    PageBook book =
        call("open", () -> PageBook.open(file, FuzzedBook.OPTIONS.withLockTimeout(PATIENCE)));
    if (book != null) {
      opened++;
      if (mode == Mode.LIVE) {
        overwrite(file, bytes);
      }
      boolean sound = mode == Mode.BEFORE_REBOOT;
      if (sound) {
        call("check", () -> expectSound(file));
      }
      // a damaged boot ID makes it a book of another start of the machine
      boolean verified =
          mode == Mode.BEFORE_REBOOT
              || (mode == Mode.AT_REST && !image.boot().equals(base.image().boot()));
      lookForMisses(book.records(), verified);
      use(book, file, random);
      call("close", () -> close(book));
    }
    call = "none";
    if (Files.exists(file)) {
      long length = Files.size(file);
      if (length > bytes.length + MOST_GROWTH_BYTES
          && length > base.image().size() + MOST_GROWTH_BYTES) {
        fail("size", new AssertionError("the file has grown: bytes=" + length));
      }
    }
    sweep();
  }

  private void sweep() throws IOException {
    try (java.nio.file.DirectoryStream<Path> left =
        Files.newDirectoryStream(directory, ".pagebook-*")) {
      for (Path path : left) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static Void close(PageBook book) {
    book.close();
    return null;
  }

  private Mode mode(SplittableRandom random, int n) {
    if (exhaustive) {
      return n % 2 == 0 ? Mode.AT_REST : random.nextBoolean() ? Mode.LIVE : Mode.BEFORE_REBOOT;
    }
    int at = random.nextInt(10);
    return at < 5 ? Mode.AT_REST : at < 8 ? Mode.LIVE : Mode.BEFORE_REBOOT;
  }

  /** The bytes that differ, as another process would store them. */
  private void overwrite(Path file, byte[] bytes) throws IOException {
    byte[] sound = base.image().bytes();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      int at = Arrays.mismatch(sound, bytes);
      while (at >= 0) {
        int end = at;
        while (end < bytes.length && sound[end] != bytes[end]) {
          end++;
        }
        channel.write(ByteBuffer.wrap(bytes, at, end - at), at);
        int next = Arrays.mismatch(sound, end, sound.length, bytes, end, bytes.length);
        at = next < 0 ? -1 : end + next;
      }
    }
  }

  private static String flip(BookImage image, int at, SplittableRandom random) {
    int mask = 1 + random.nextInt(255);
    byte[] bytes = image.bytes();
    bytes[at] ^= (byte) mask;
    return "flip at=" + at + " mask=" + mask;
  }

  private String damage(BookImage image, SplittableRandom random) {
    int count = random.nextInt(4) == 0 ? 1 + random.nextInt(8) : 1;
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      all.append(i == 0 ? "" : ", ").append(one(image, random));
    }
    return all.toString();
  }

  private String one(BookImage image, SplittableRandom random) {
    int at = metadata.get(random.nextInt(metadata.size()));
    if (random.nextInt(4) == 0) {
      at = at % (int) image.geometry().shard(2); // few bytes, and the most that depends on them
      at = random.nextInt(3) == 0 ? at % 1100 : at;
    }
    long word = at & ~7L;
    switch (random.nextInt(5)) {
      case 0 -> {
        return flip(image, at, random);
      }
      case 1 -> {
        image.flip(at, random.nextInt(8));
        return "bit at=" + at;
      }
      case 2 -> {
        int from = random.nextInt(image.bytes().length);
        int length = Math.min(random.nextInt(2000), image.bytes().length - Math.max(at, from));
        System.arraycopy(image.bytes(), from, image.bytes(), at, length);
        return "splice at=" + at + " from=" + from + " length=" + length;
      }
      default -> {
        long value = interesting(image, word, random);
        image.put(word, value);
        return "word at=" + word + " value=" + value;
      }
    }
  }

  private long interesting(BookImage image, long word, SplittableRandom random) {
    int words = (int) (image.size() / Long.BYTES);
    long other = (long) metadata.get(random.nextInt(metadata.size())) & ~7L;
    return switch (random.nextInt(10)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> other;
      case 3 -> image.get(other);
      case 4 -> random.nextInt(words) * 8L;
      case 5 -> image.get(word) + random.nextInt(-64, 65);
      case 6 -> 1L << random.nextInt(64);
      case 7 -> image.size() - random.nextInt(64);
      case 8 -> image.get(word) ^ 0xFFFFFFFF00000000L;
      default -> random.nextLong();
    };
  }

  /** Everything that one does with a book; each call may refuse. */
  private void use(PageBook book, Path file, SplittableRandom random) {
    RecordStore records = book.records();
    call("enumerate", () -> enumerate(records));
    call("ids", () -> book.ids().hasNext());
    call("counters", () -> records.counters());
    for (int i = 0; i < 40; i++) {
      int id = i < 20 ? 1 + random.nextInt(FuzzedBook.SMALL + FuzzedBook.LARGE) : 10_000 + i;
      int expires = i % 3;
      byte[] value = TestBytes.of(random.nextLong(), i % 10 == 0 ? 4_000 : random.nextInt(120));
      written.computeIfAbsent(FuzzedBook.key(id), key -> new ArrayList<>()).add(value);
      call("put", () -> put(records, id, value, expires));
      int gone = 1 + random.nextInt(FuzzedBook.SMALL + FuzzedBook.LARGE);
      call("remove", () -> book.remove(gone));
      int seen = 1 + random.nextInt(FuzzedBook.SMALL + FuzzedBook.LARGE);
      call("view", () -> book.view(seen, slice -> {}));
      call("touch", () -> touch(records, seen));
    }
    readAll(records);
    call("check", () -> BookChecker.check(file, PATIENCE));
    call("vacuum", () -> book.vacuum());
    readAll(records);
    call("put", () -> put(records, 20_000, value20000(), 1));
    call("clear", () -> clear(records));
  }

  /**
   * Before anything is written: whoever finds less than there was is told so, by a count or a
   * refusal. A check of ten bits tells damage to one byte for certain, other damage nearly always.
   */
  private void lookForMisses(RecordStore records, boolean verified) {
    long missesBefore = misses;
    long refusalsBefore = refusals;
    readAll(records);
    if (misses == missesBefore || verified) {
      return; // what was lost was counted by who verified the book, and what has expired is left
      // out
    }
    damaged++;
    if (records.damagedRecords() == 0 && refusals == refusalsBefore) {
      uncounted++;
      parent.say("UNCOUNTED " + caseName + ": misses=" + (misses - missesBefore));
      if (oneByte) {
        fail("get", new AssertionError("misses that nobody counted"));
      }
    }
  }

  private byte[] value20000() {
    byte[] value = TestBytes.of(20_000, 200);
    written.computeIfAbsent(FuzzedBook.key(20_000), key -> new ArrayList<>()).add(value);
    return value;
  }

  private static Void clear(RecordStore records) {
    records.clear();
    return null;
  }

  private static boolean put(RecordStore records, int id, byte[] value, int expires) {
    RecordBuffer buffer = new RecordBuffer();
    buffer.setId(id);
    buffer.wrapValue(value, value.length);
    buffer.setType(ValueType.BYTES);
    buffer.setExpiryMillis(expires == 0 ? RecordBuffer.NEVER : WRITTEN_EXPIRY);
    return records.put(buffer);
  }

  private static boolean touch(RecordStore records, int id) {
    RecordBuffer buffer = new RecordBuffer();
    buffer.setId(id);
    return records.find(buffer) && records.touch(buffer, buffer.stamp(), TOUCHED_EXPIRY);
  }

  private void readAll(RecordStore records) {
    RecordBuffer buffer = new RecordBuffer();
    for (ByteBuffer key : base.content().keySet()) {
      call("get", () -> read(records, buffer, key));
    }
    for (ByteBuffer key : List.copyOf(written.keySet())) {
      call("get", () -> read(records, buffer, key));
    }
  }

  private Void read(RecordStore records, RecordBuffer buffer, ByteBuffer key) {
    FuzzedBook.setKey(buffer, key);
    if (records.get(buffer)) {
      values++;
      expectWritten(key, buffer);
    } else {
      misses++;
    }
    return null;
  }

  private Void enumerate(RecordStore records) {
    RecordBuffer buffer = new RecordBuffer();
    RecordCursor cursor = records.cursor();
    int seen = 0;
    while (cursor.next(buffer)) {
      expectWritten(FuzzedBook.keyOf(buffer), buffer);
      if (++seen > 100_000) {
        throw new AssertionError("the enumeration does not end");
      }
    }
    return null;
  }

  private void expectWritten(ByteBuffer key, RecordBuffer buffer) {
    byte[] found = Arrays.copyOf(buffer.value(), buffer.valueLength());
    byte[] original = base.content().get(key);
    boolean legal = original != null && Arrays.equals(original, found);
    if (!legal && original != null && key.capacity() == Integer.BYTES) {
      legal = Arrays.equals(found, FuzzedBook.value(key.getInt(0), 0));
    }
    for (byte[] value : written.getOrDefault(key, List.of())) {
      legal |= Arrays.equals(value, found);
    }
    if (oneByte
        && buffer.expiryMillis() != FuzzedBook.expiryOf(key)
        && !LATER_EXPIRIES.contains(buffer.expiryMillis())) {
      throw new AssertionError("an expiry that nobody wrote: millis=" + buffer.expiryMillis());
    }
    if (!legal || buffer.type() != ValueType.BYTES) {
      throw new AssertionError(
          "a value that nobody wrote: key="
              + (key.capacity() == Integer.BYTES ? "" + key.getInt(0) : "bytes " + key.capacity())
              + ", type="
              + buffer.type()
              + ", bytes="
              + found.length);
    }
  }

  /** What was verified on opening is sound. */
  private static Void expectSound(Path file) {
    List<String> violations = BookChecker.check(file, PATIENCE).violations();
    if (!violations.isEmpty()) {
      throw new AssertionError("a verified book is not sound: " + violations);
    }
    return null;
  }

  /** A call. */
  private interface Call<T> {
    @Nullable T run();
  }

  private <T> @Nullable T call(String what, Call<T> body) {
    if (timeouts >= MOST_TIMEOUTS && !"close".equals(what)) {
      return null; // a lock that looks held: it would be all the same
    }
    callSince = System.nanoTime();
    call = what;
    long allocated = threads.getCurrentThreadAllocatedBytes();
    try {
      return body.run();
    } catch (BookException e) {
      refusals++;
      if (e instanceof BookException.LockTimeout) {
        timeouts++;
      }
      if (e.getMessage() == null || !e.getMessage().contains("file=")) {
        fail(what, new AssertionError("a refusal that does not name the file", e));
      }
    } catch (Throwable e) {
      fail(what, e);
    } finally {
      long more = threads.getCurrentThreadAllocatedBytes() - allocated;
      long most =
          ON_ONE_RECORD.contains(what)
              ? base.image().size() + ALLOCATED_ANYHOW_BYTES
              : MOST_ALLOCATED_BYTES;
      if (more > most) {
        fail(what, new AssertionError("allocated: bytes=" + more));
      }
    }
    return null;
  }

  private void fail(String what, Throwable e) {
    if (failures.incrementAndGet() > 200) {
      return;
    }
    StringBuilder text = new StringBuilder("FAIL " + caseName + ": " + what + ": " + e);
    StackTraceElement[] stack = e.getStackTrace();
    for (int i = 0; i < Math.min(14, stack.length); i++) {
      text.append(" <- ")
          .append(stack[i].getFileName())
          .append(':')
          .append(stack[i].getLineNumber());
    }
    if (e.getCause() != null) {
      text.append(" cause ").append(e.getCause());
    }
    parent.say(text.toString().replace('\n', ' '));
  }
}
