package io.pagebook.examples.xml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VisitsIT {
  private static final long DEADLINE_SECONDS = 60;

  @TempDir Path scratch;

  @Test
  void aSecondProcessGoesOnCountingAndNeedNotLoad() throws IOException, InterruptedException {
    assertThat(run("tea", "coffee", "tea"))
        .satisfies(
            lines -> assertThat(lines.get(0)).contains("caches: ").contains("visits", "lengths"))
        .contains(
            "  (loading the length of tea)",
            "hello tea: visit 1, 3 letters",
            "hello coffee: visit 1, 6 letters",
            "hello tea: visit 2, 3 letters");

    assertThat(run("tea"))
        .contains("hello tea: visit 3, 3 letters")
        .noneMatch(line -> line.contains("loading"));
  }

  /** Runs the jar the way the script does, without a word on standard error. */
  private List<String> run(String... names) throws IOException, InterruptedException {
    Path output = scratch.resolve("output");
    Path errors = scratch.resolve("errors");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dcaches.directory=" + scratch.resolve("a directory with spaces"),
                "-jar",
                Path.of("target", "xml.jar").toString()));
    command.addAll(List.of(names));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.readAllLines(errors)).isEmpty();
      assertThat(process.exitValue()).isZero();
      return Files.readAllLines(output);
    } finally {
      process.destroyForcibly();
    }
  }
}
