package io.pagebook.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own that takes orders on its standard input, a line each, and answers on its
 * standard output. What it prints that is no answer is left out: a library may say something too.
 * It ends when its input ends, and so with this process.
 */
final class ChildJvm implements AutoCloseable {
  private static final String ANSWER = "> ";
  private static final long END_SECONDS = 30;
  private static final double NANOS_PER_SECOND = 1e9;

  private final String name;
  private final Process process;
  private final PrintWriter orders;

  /** Empty at the end of the output. */
  private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();

  ChildJvm(List<String> jvmFlags, Class<?> main, Object... arguments) {
    name = main.getSimpleName();
    try {
      process =
          new ProcessBuilder(command(jvmFlags, main, arguments))
              .redirectError(Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread reader = new Thread(this::listen, name + "-answers");
    reader.setDaemon(true);
    reader.start();
  }

  /** The command that runs {@code main} as this JVM runs. */
  static List<String> command(List<String> jvmFlags, Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  /** In the child: answers. */
  static void say(String answer) {
    System.out.println(ANSWER + answer);
  }

  private void listen() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(ANSWER)) {
          answers.add(Optional.of(line.substring(ANSWER.length())));
        }
      }
    } catch (IOException e) {
      // it was killed while it spoke
    }
    answers.add(Optional.empty());
  }

  void send(String order) {
    orders.println(order);
  }

  /** The next answer; fails if the child has ended, or is silent for so long. */
  String answer(long deadlineSeconds) {
    try {
      Optional<String> answer = answers.poll(deadlineSeconds, TimeUnit.SECONDS);
      if (answer == null) {
        throw new IllegalStateException(
            "child does not answer: main=" + name + ", seconds=" + deadlineSeconds);
      }
      return answer.orElseThrow(
          () ->
              new IllegalStateException(
                  "child ended: main=" + name + "; see what it printed above"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting: main=" + name, e);
    }
  }

  /** The processor time that it has used. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / NANOS_PER_SECOND;
  }

  /** Sends SIGKILL, and does not wait for it to take effect. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    orders.close();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("child does not end and is killed: main=" + name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
