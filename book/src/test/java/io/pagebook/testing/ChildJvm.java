package io.pagebook.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A forked JVM under a test's control: the same class path as the test's, no JVM flag but a small
 * heap, its output kept line by line, waits only for lines and with a deadline, signals, and
 * certain death in {@link #close()}.
 *
 * <p>{@code -Dtest.jvm=<java>} chooses another JVM than the test's own. A child that talks through
 * {@link Parent} also dies when the test's JVM does.
 */
public final class ChildJvm implements AutoCloseable {
  /** The system property that names the {@code java} command of children. */
  public static final String JVM_PROPERTY = "test.jvm";

  /** The patience of tests with whatever should happen at once. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration STACKS = Duration.ofSeconds(2);
  private static final Duration REAPING = Duration.ofSeconds(20);

  /** Variables that add flags to every JVM, and a line on standard error that says so. */
  private static final List<String> FLAG_VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH");

  private final String name;
  private final Process process;
  private final Lines stdout = new Lines();
  private final Lines stderr = new Lines();
  private final Thread stdoutPump;
  private final Thread stderrPump;
  private final Writer stdin;

  private ChildJvm(String name, Process process, Consumer<String> listener) {
    this.name = name;
    this.process = process;
    this.stdin = process.outputWriter(StandardCharsets.UTF_8);
    this.stdoutPump = pump(process.getInputStream(), stdout, listener, name + " stdout");
    this.stderrPump = pump(process.getErrorStream(), stderr, line -> {}, name + " stderr");
  }

  /** A child that will run {@code main}. */
  public static Builder of(Class<?> main) {
    return new Builder(main);
  }

  /**
   * The class path of this JVM, whether its runner put it there, behind a manifest, or on the
   * module path.
   */
  public static String classPath() {
    Set<String> entries = new LinkedHashSet<>();
    String behindManifest = System.getProperty("surefire.test.class.path");
    addEntries(
        entries, behindManifest != null ? behindManifest : System.getProperty("java.class.path"));
    addEntries(entries, System.getProperty("jdk.module.path"));
    CodeSource own = ChildJvm.class.getProtectionDomain().getCodeSource();
    if (own != null && own.getLocation() != null) {
      try {
        entries.add(Path.of(own.getLocation().toURI()).toString());
      } catch (URISyntaxException e) {
        throw new IllegalStateException("class path entry is no URI: " + own.getLocation(), e);
      }
    }
    return String.join(File.pathSeparator, entries);
  }

  private static void addEntries(Set<String> entries, @Nullable String path) {
    if (path != null) {
      for (String entry : path.split(File.pathSeparator, -1)) {
        if (!entry.isEmpty()) {
          entries.add(entry);
        }
      }
    }
  }

  /** The {@code java} command of children. */
  public static String javaCommand() {
    String chosen = System.getProperty(JVM_PROPERTY);
    return chosen != null
        ? chosen
        : Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** All lines of standard output so far. */
  public List<String> stdoutLines() {
    return stdout.all();
  }

  /** All lines of standard error so far; all of them once the child has ended. */
  public List<String> stderrLines() {
    return stderr.all();
  }

  /** Sends a line to the child's standard input. */
  public void send(String line) {
    try {
      stdin.write(line + "\n");
      stdin.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("child takes no input: line=" + line + "\n" + transcript(), e);
    }
  }

  /**
   * The next unread line of standard output that starts with {@code prefix}; lines before it are
   * skipped.
   */
  public String awaitLine(String prefix) {
    return awaitLine(prefix, PATIENCE);
  }

  /**
   * The next unread line of standard output that starts with {@code prefix}; lines before it are
   * skipped.
   *
   * @throws AssertionError with all output, when the child ends without it or the deadline passes
   */
  public String awaitLine(String prefix, Duration deadline) {
    return awaitLine(line -> line.startsWith(prefix), "a line with '" + prefix + "'", deadline);
  }

  /** The next unread line of standard output, whatever it says. */
  public String nextLine(Duration deadline) {
    return awaitLine(line -> true, "a line", deadline);
  }

  private String awaitLine(Predicate<String> wanted, String what, Duration deadline) {
    try {
      String line = stdout.awaitNext(wanted, deadline);
      if (line == null) {
        boolean ended = !isAlive();
        if (deadline.compareTo(PATIENCE) >= 0) { // else the silence may be what is wanted
          sayWhereItStands();
        }
        throw new AssertionError(
            "no "
                + what
                + " from the child: deadline="
                + deadline
                + ", ended="
                + ended
                + "\n"
                + transcript());
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + what + "\n" + transcript(), e);
    }
  }

  /**
   * Kills with SIGKILL and returns once the process is gone.
   *
   * @return the {@link System#nanoTime()} at which its end was seen
   */
  public long kill() {
    signalDeath();
    awaitExit(REAPING);
    long end = System.nanoTime();
    awaitPumps();
    return end;
  }

  /** Sends SIGKILL and returns at once; {@link #kill} or {@link #close} is still to be called. */
  public void signalDeath() {
    // not Process.destroyForcibly, which closes the streams and loses what the child has said
    process.toHandle().destroyForcibly();
  }

  /** Stops with SIGSTOP and returns once every thread of the child stands still. */
  public void stop() {
    signal("STOP");
    Awaitility.await("child " + name + " stops")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(this::isStopped);
  }

  /** Lets a stopped child go on. */
  public void resume() {
    signal("CONT");
  }

  /** Closes the child's standard input: a child that listens to its {@link Parent} ends. */
  public void closeInput() {
    try {
      stdin.close();
    } catch (IOException e) {
      throw new UncheckedIOException("child's input does not close: " + name, e);
    }
  }

  /** Waits for the child's own end and for the rest of its output; returns the exit code. */
  public int awaitEnd(Duration deadline) {
    awaitExit(deadline);
    awaitPumps();
    return process.exitValue();
  }

  private void awaitExit(Duration deadline) {
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        sayWhereItStands();
        throw new AssertionError("child does not end: deadline=" + deadline + "\n" + transcript());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for the end of child " + name, e);
    }
  }

  /** Has a child that is late print its threads' stacks, for the transcript. */
  private void sayWhereItStands() throws InterruptedException {
    if (isAlive() && signalled("QUIT") == null) { // who died meanwhile has said what it could
      stdout.awaitNext(line -> line.contains("JNI global refs"), STACKS);
    }
  }

  private void awaitPumps() {
    try {
      stdoutPump.join(REAPING.toMillis());
      stderrPump.join(REAPING.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for the output of child " + name, e);
    }
  }

  /** Everything the child said, for messages. */
  public String transcript() {
    return "--- "
        + name
        + ", pid="
        + pid()
        + "\n"
        + String.join("\n", stdout.all())
        + "\n--- its standard error\n"
        + String.join("\n", stderr.all())
        + "\n---";
  }

  /** Kills the child if it still runs, and reaps it. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      kill();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void signal(String signal) {
    String refusal = signalled(signal);
    if (refusal != null) {
      throw new AssertionError(
          "signal was refused: signal=" + signal + ", pid=" + pid() + ": " + refusal);
    }
  }

  /** Sends a signal; null, or why it was refused. */
  private @Nullable String signalled(String signal) {
    try {
      Process kill =
          new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid())
              .redirectErrorStream(true)
              .start();
      String output = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return kill.waitFor() == 0 ? null : output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while signalling child " + name, e);
    }
  }

  private boolean isStopped() throws IOException {
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(pid()), "task"))) {
      for (Path thread : threads) {
        if (!isStoppedThread(thread)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isStoppedThread(Path thread) throws IOException {
    try {
      String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
      // the state follows the name, which stands in brackets and may hold anything
      return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  private static Thread pump(InputStream from, Lines to, Consumer<String> listener, String name) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader reader =
                  new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                  to.add(line);
                  listener.accept(line);
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } finally {
                to.end();
              }
            },
            "pump of " + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** How to start a child. */
  public static final class Builder {
    private final Class<?> main;
    private final List<String> jvmOptions = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private List<String> prefix = List.of();
    private Consumer<String> listener = line -> {};
    private String heap = "64m";
    private String classPath = ChildJvm.classPath();

    private Builder(Class<?> main) {
      this.main = main;
    }

    /** The largest heap, as {@code -Xmx} takes it. */
    public Builder heap(String size) {
      heap = size;
      return this;
    }

    /** Passes a seed, which the child finds by {@link Seeds#inherited()}. */
    public Builder seed(long seed) {
      return systemProperty(Seeds.PROPERTY, Long.toString(seed));
    }

    public Builder systemProperty(String key, String value) {
      jvmOptions.add("-D" + key + "=" + value);
      return this;
    }

    /** Another option of the JVM; the product needs none, the test's tools may. */
    public Builder jvmOption(String option) {
      jvmOptions.add(option);
      return this;
    }

    public Builder environment(String key, String value) {
      environment.put(key, value);
      return this;
    }

    /** A command that runs the JVM as its last arguments, such as {@code setpriv --reuid=N}. */
    public Builder startedBy(String... command) {
      prefix = List.of(command);
      return this;
    }

    /** Has every line of standard output passed to {@code each}, too, on a thread of its own. */
    public Builder listener(Consumer<String> each) {
      listener = each;
      return this;
    }

    public Builder classPath(String path) {
      classPath = path;
      return this;
    }

    public Builder arguments(Object... values) {
      for (Object value : values) {
        arguments.add(value.toString());
      }
      return this;
    }

    /** Starts the child; close it. */
    public ChildJvm start() {
      List<String> command = new ArrayList<>(prefix);
      command.add(javaCommand());
      command.add("-Xmx" + heap);
      command.addAll(jvmOptions);
      command.add("-cp");
      command.add(classPath);
      command.add(main.getName());
      command.addAll(arguments);
      ProcessBuilder builder = new ProcessBuilder(command);
      FLAG_VARIABLES.forEach(builder.environment()::remove);
      builder.environment().putAll(environment);
      try {
        return new ChildJvm(main.getSimpleName() + " " + arguments, builder.start(), listener);
      } catch (IOException e) {
        throw new UncheckedIOException("no child JVM: command=" + command, e);
      }
    }
  }
}
