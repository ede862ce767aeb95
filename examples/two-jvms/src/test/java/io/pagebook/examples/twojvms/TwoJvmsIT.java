package io.pagebook.examples.twojvms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TwoJvmsIT {
  private static final long DEADLINE_SECONDS = 120;

  @TempDir Path scratch;

  @Test
  void everythingIsAsClaimed() throws IOException, InterruptedException {
    Outcome outcome = run("--directory", scratch.resolve("caches").toString());

    assertThat(outcome.exitStatus()).as(outcome.text()).isZero();
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output())
        .filteredOn(line -> line.matches("  (yes|NO)  .*"))
        .hasSize(9)
        .allMatch(line -> line.startsWith("  yes "));
    assertThat(outcome.output())
        .anyMatch(line -> line.matches("  \\[reader \\d+\\] got greeting: hello from process \\d+"))
        .anyMatch(
            line -> line.matches("  \\[writer \\d+\\] got reply: hello back from process \\d+"))
        .anyMatch(line -> line.matches("  \\[reader \\d+\\] got large: characters=10000000, .*"))
        .anyMatch(line -> line.matches("  \\[latecomer \\d+\\] counted: entries=3003, torn=0"));
    assertThat(scratch.resolve("caches")).isNotEmptyDirectory();

    Outcome second = run("--directory", scratch.resolve("caches").toString());
    assertThat(second.exitStatus()).as("finds the cache of the first: %s", second).isZero();
  }

  @Test
  void helpNamesTheOptions() throws IOException, InterruptedException {
    Outcome outcome = run("--help");

    assertThat(outcome.exitStatus()).isZero();
    assertThat(outcome.text()).contains("./examples/run two-jvms", "--directory");
  }

  @Test
  void anUnknownOptionIsRefused() throws IOException, InterruptedException {
    Outcome outcome = run("--dirctory", "x");

    assertThat(outcome.exitStatus()).isEqualTo(2);
    assertThat(outcome.errors()).anyMatch(line -> line.contains("--dirctory"));
  }

  /** Runs the example the way the script does: in a JVM of its own, without flags. */
  private Outcome run(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TwoJvms.class.getName()));
    command.addAll(Arrays.asList(arguments));
    Path output = scratch.resolve("output");
    Path errors = scratch.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS))
          .as("the example ends in time")
          .isTrue();
      return new Outcome(
          process.exitValue(), Files.readAllLines(output), Files.readAllLines(errors));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private record Outcome(int exitStatus, List<String> output, List<String> errors) {
    String text() {
      return String.join("\n", output) + "\n" + String.join("\n", errors);
    }
  }
}
