package io.pagebook.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the repackaged jar, where the document lies in a jar within a jar. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ShopIT {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  @TempDir Path scratch;

  @Test
  void twoProcessesShareWhatSpringCaches() throws IOException, InterruptedException {
    try (Running one = new Running("one");
        Running two = new Running("two")) {
      assertThat(one.ask("price tea")).isEqualTo("tea costs 0.3, says process " + one.pid());
      assertThat(two.ask("price tea")).isEqualTo("tea costs 0.3, says process " + one.pid());

      assertThat(two.ask("set tea 3.20")).isEqualTo("tea costs 3.20, says process " + two.pid());
      assertThat(one.ask("price tea")).isEqualTo("tea costs 3.20, says process " + two.pid());

      assertThat(one.ask("forget tea")).isEqualTo("forgotten: tea");
      assertThat(two.ask("price tea")).isEqualTo("tea costs 0.3, says process " + two.pid());

      one.end();
      two.end();
      assertThat(one.errors()).isEmpty();
      assertThat(two.errors()).isEmpty();
    }

    try (Running third = new Running("third")) {
      assertThat(third.ask("price tea")).doesNotContain("process " + third.pid());
      third.end();
    }
  }

  private final class Running implements AutoCloseable {
    private final Path errors;
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter commands;

    Running(String name) throws IOException {
      errors = scratch.resolve(name + ".err");
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Dshop.directory=" + scratch.resolve("books"),
                  "-jar",
                  Path.of("target", "spring-boot.jar").toString())
              .redirectError(errors.toFile())
              .start();
      answers = process.inputReader(StandardCharsets.UTF_8);
      commands = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
      assertThat(answers.readLine())
          .as(() -> "first line of " + name + "; it says: " + errors())
          .startsWith("open as process " + process.pid());
    }

    long pid() {
      return process.pid();
    }

    String ask(String command) throws IOException {
      commands.println(command);
      return answers.readLine();
    }

    void end() throws InterruptedException {
      commands.close();
      assertThat(process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }

    String errors() {
      try {
        return Files.readString(errors);
      } catch (IOException e) {
        return e.toString();
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
