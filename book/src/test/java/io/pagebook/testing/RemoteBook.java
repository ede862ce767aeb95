package io.pagebook.testing;

import io.pagebook.book.BookOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A book in another JVM, worked by remote control. Every call waits for the answer, with a
 * deadline; {@link #begin} and {@link #answer} split the two where the call is meant to block.
 */
public final class RemoteBook implements AutoCloseable {
  private final ChildJvm child;

  private RemoteBook(ChildJvm child) {
    this.child = child;
    child.awaitLine("ready");
  }

  /** Starts a JVM that has no book open yet. */
  public static RemoteBook start() {
    return start(builder());
  }

  /** Starts a JVM as {@code builder}, made by {@link #builder()}, says. */
  public static RemoteBook start(ChildJvm.Builder builder) {
    return new RemoteBook(builder.start());
  }

  /** Starts a JVM and attaches it to a book; its operations wait {@code lockTimeout} for locks. */
  public static RemoteBook open(Path file, Duration lockTimeout) {
    RemoteBook remote = start();
    try {
      remote.openBook(file, BookOptions.DEFAULT.withLockTimeout(lockTimeout)).value();
      return remote;
    } catch (RuntimeException | Error e) {
      remote.close();
      throw e;
    }
  }

  /** What to change about the JVM before it starts. */
  public static ChildJvm.Builder builder() {
    return ChildJvm.of(BookServant.class);
  }

  /** The JVM, to stop or kill it and to read its output. */
  public ChildJvm jvm() {
    return child;
  }

  /** Opens the book of the JVM; only page size and lock timeout of the options reach it. */
  public Answer openBook(Path file, BookOptions options) {
    return call("open", file, options.pageSizeBytes(), options.lockTimeout().toMillis());
  }

  public Answer closeBook() {
    return call("close");
  }

  public Answer destroy(Path file) {
    return call("destroy", file);
  }

  public Answer put(CheckedValue value) {
    return call("put", value.key(), value.writer(), value.sequence(), value.length());
  }

  /** What the JVM reads under {@code key}; it checks that the value is whole. */
  public @Nullable CheckedValue get(int key) {
    String answer = call("get", key).value();
    if (answer.equals("null")) {
      return null;
    }
    String[] f = answer.split("\t", -1);
    return new CheckedValue(
        key, Integer.parseInt(f[0]), Long.parseLong(f[1]), Integer.parseInt(f[2]));
  }

  public Answer putString(int id, String text) {
    return call("putString", id, BookServant.toHex(text));
  }

  public @Nullable String getString(int id) {
    return BookServant.fromHexOrNull(call("getString", id).value());
  }

  public Answer remove(int id) {
    return call("remove", id);
  }

  public long count() {
    return Long.parseLong(call("count").value());
  }

  /** The enumerated IDs, in their order. */
  public List<Integer> ids() {
    String answer = call("ids").value();
    List<Integer> ids = new ArrayList<>();
    if (!answer.isEmpty()) {
      for (String id : answer.split("\t", -1)) {
        ids.add(Integer.valueOf(id));
      }
    }
    return ids;
  }

  public Answer lockForReading(Duration timeout) {
    return call("lockForReading", timeout.toMillis());
  }

  public Answer lockForWriting(Duration timeout) {
    return call("lockForWriting", timeout.toMillis());
  }

  /** Closes the book-wide hold taken last. */
  public Answer unlock() {
    return call("unlock");
  }

  public Answer lockKey(int id) {
    return call("lockKey", id);
  }

  public Answer unlockKey() {
    return call("unlockKey");
  }

  /** Has the JVM read every file beside its book, which costs it the kernel's locks on them. */
  public Answer backUp() {
    return call("backUp");
  }

  /** What the checker, run by the JVM, says of its book; empty if it is sound. */
  public String check() {
    return call("check").value();
  }

  public String charset() {
    return call("charset").value();
  }

  /** Sends a command and waits for its answer. */
  public Answer call(Object... fields) {
    begin(fields);
    return answer(ChildJvm.PATIENCE);
  }

  /** Sends a command, the same words as the methods here. */
  public void begin(Object... fields) {
    StringBuilder line = new StringBuilder();
    for (Object field : fields) {
      line.append(line.length() == 0 ? "" : "\t").append(field);
    }
    child.send(line.toString());
  }

  /** The answer to the oldest command that has none yet. */
  public Answer answer(Duration deadline) {
    String line = child.nextLine(deadline);
    int space = line.indexOf(' ', 2);
    boolean success = line.startsWith("= ");
    if (space < 0 || !(success || line.startsWith("! "))) {
      throw new AssertionError("no answer but: " + line + "\n" + child.transcript());
    }
    String head = line.substring(2, space);
    String tail = line.substring(space + 1);
    return success
        ? new Answer(Duration.ofNanos(Long.parseLong(head)), tail, null, "", child)
        : new Answer(Duration.ZERO, "", head, tail, child);
  }

  /**
   * Ends the JVM in an orderly way, without closing its book, and returns what it left on standard
   * error.
   */
  public List<String> exit() {
    child.send("exit");
    int code = child.awaitEnd(ChildJvm.PATIENCE);
    if (code != 0) {
      throw new AssertionError("exit code " + code + "\n" + child.transcript());
    }
    return child.stderrLines();
  }

  /** Kills the JVM. */
  @Override
  public void close() {
    child.close();
  }

  /**
   * What became of a command.
   *
   * @param taken how long it took inside the child, where it succeeded
   * @param result what it returned
   * @param exception the simple name of what it threw, or null
   * @param message the message of what it threw
   * @param child who answered
   */
  public record Answer(
      Duration taken, String result, @Nullable String exception, String message, ChildJvm child) {
    /** The result. @throws AssertionError if there was an exception instead */
    public String value() {
      if (exception != null) {
        throw new AssertionError(
            "the child's call threw " + exception + ": " + message + "\n" + child.transcript());
      }
      return result;
    }

    /** The message of the exception. @throws AssertionError if it is not an {@code expected} one */
    public String refusal(Class<? extends Throwable> expected) {
      if (!expected.getSimpleName().equals(exception)) {
        throw new AssertionError(
            "expected "
                + expected.getSimpleName()
                + " but got "
                + (exception == null ? result : exception)
                + ": "
                + message
                + "\n"
                + child.transcript());
      }
      return message;
    }
  }
}
