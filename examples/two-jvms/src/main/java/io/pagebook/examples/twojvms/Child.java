package io.pagebook.examples.twojvms;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Another JVM: shows what it prints behind its name and process ID, and waits for its answers. */
final class Child implements AutoCloseable {
  private static final long DEADLINE_SECONDS = 60;
  private static final String END = "\0";

  private final String name;
  private final Process process;
  private final BufferedWriter commands;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  /** Starts {@code program} with no JVM flags; it is told where the cache is. */
  Child(String name, Class<?> program, Path directory) throws IOException {
    this.name = name;
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                directory.toString())
            .redirectError(Redirect.INHERIT)
            .start();
    commands = process.outputWriter(StandardCharsets.UTF_8);
    Thread pump = new Thread(this::pump, name);
    pump.setDaemon(true);
    pump.start();
  }

  /** Sends a command. */
  void tell(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
  }

  /** Waits for the next line that matches {@code pattern} whole. */
  Matcher await(String pattern) throws InterruptedException {
    Pattern wanted = Pattern.compile(pattern);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    for (String line = next(deadline); line != null; line = next(deadline)) {
      Matcher matcher = wanted.matcher(line);
      if (matcher.matches()) {
        return matcher;
      }
    }
    throw new IllegalStateException(
        name + " did not answer: expected=" + pattern + ", alive=" + process.isAlive());
  }

  /**
   * After its end: the last line that matches like {@code earlier}, which may be that one itself.
   */
  Matcher last(Matcher earlier) throws InterruptedException {
    Matcher last = earlier;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    for (String line = next(deadline); line != null; line = next(deadline)) {
      Matcher matcher = earlier.pattern().matcher(line);
      last = matcher.matches() ? matcher : last;
    }
    return last;
  }

  /** Kills it as {@code kill -9} does, and returns its exit status. */
  int kill() throws InterruptedException {
    // not Process.destroyForcibly, which also throws away what the process printed last
    process.toHandle().destroyForcibly();
    return exitStatus();
  }

  /** Lets it end by itself, and returns its exit status. */
  int finish() throws IOException, InterruptedException {
    commands.close();
    return exitStatus();
  }

  /** The process is gone, whatever happened. */
  @Override
  public void close() {
    process.toHandle().destroyForcibly();
  }

  private int exitStatus() throws InterruptedException {
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          name + " does not end: pid=" + process.pid() + ", seconds=" + DEADLINE_SECONDS);
    }
    return process.exitValue();
  }

  /** The next line, or {@code null} when there are no more. */
  private @Nullable String next(long deadline) throws InterruptedException {
    String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    return END.equals(line) ? null : line;
  }

  private void pump() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        System.out.printf(Locale.ROOT, "  [%s %d] %s%n", name, process.pid(), line);
        lines.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lines.add(END);
    }
  }
}
