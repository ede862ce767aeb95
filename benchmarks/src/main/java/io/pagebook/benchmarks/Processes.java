package io.pagebook.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs other programs to their end. */
final class Processes {
  private static final long DEADLINE_MINUTES = 15;

  private Processes() {}

  /** What {@code command} prints; fails if it fails or takes too long. */
  static String output(List<String> command) {
    try {
      Path captured = Files.createTempFile("pagebook-benchmark-", ".out");
      try {
        run(command, captured);
        return Files.readString(captured, StandardCharsets.UTF_8);
      } finally {
        Files.delete(captured);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(List<String> command, Path captured) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(captured.toFile())
            .redirectError(Redirect.INHERIT)
            .start();
    try {
      if (!process.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)) {
        throw new IllegalStateException(
            "program does not end: command=" + command + ", minutes=" + DEADLINE_MINUTES);
      }
      if (process.exitValue() != 0) {
        throw new IllegalStateException(
            "program failed: command=" + command + ", exit=" + process.exitValue());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting: command=" + command, e);
    } finally {
      process.destroyForcibly();
    }
  }
}
