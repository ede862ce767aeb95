package io.pagebook.examples.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The play compares what happens with what it claims; this runs it as the script does. */
final class CatalogueIT {
  private static final long DEADLINE_SECONDS = 120;

  @TempDir Path scratch;

  @Test
  void everythingIsAsClaimed() throws IOException, InterruptedException {
    Path output = scratch.resolve("output");
    Path errors = scratch.resolve("errors");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Catalogue.class.getName())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
      List<String> lines = Files.readAllLines(output);
      assertThat(process.exitValue())
          .as(String.join("\n", lines) + "\n" + Files.readString(errors))
          .isZero();
      assertThat(Files.readString(errors)).isEmpty();
      assertThat(lines).filteredOn(line -> line.startsWith("  [")).hasSize(9);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
