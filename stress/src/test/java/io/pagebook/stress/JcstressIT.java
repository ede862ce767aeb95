package io.pagebook.stress;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Summary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The long form of the jcstress tests: jcstress itself, in forked JVMs, in all compilation modes.
 * {@code -Dstress.jcstress=MODE} chooses how thorough (sanity, quick, default, tough, stress),
 * {@code -Dstress.jcstress.tests=REGEXP} which tests.
 */
@EnabledIfSystemProperty(
    named = "pagebook.stress",
    matches = "true",
    disabledReason = "of the profile stress")
final class JcstressIT {
  private static final String RESULTS = "(Results:";
  private static final long HOURS = 6;

  @TempDir Path directory;

  @Test
  void nothingForbiddenIsSeen() throws IOException, InterruptedException {
    String mode = System.getProperty("stress.jcstress", "quick");
    Path output = directory.resolve("output");
    List<String> command =
        new ArrayList<>(List.of(ChildJvm.javaCommand(), "-Djava.io.tmpdir=" + directory));
    command.addAll(List.of("-cp", ChildJvm.classPath(), "org.openjdk.jcstress.Main"));
    command.addAll(List.of("-m", mode, "-r", directory.resolve("report").toString()));
    command.addAll(List.of("-jvmArgsPrepend", "-Djava.io.tmpdir=" + directory));
    command.addAll(List.of("-t", System.getProperty("stress.jcstress.tests", ".*")));
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(HOURS, TimeUnit.HOURS)).as("jcstress ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
    String results =
        lines.stream()
            .filter(line -> line.startsWith(RESULTS))
            .reduce((earlier, later) -> later)
            .orElseThrow(() -> new AssertionError(String.join("\n", lines)));
    assertThat(results)
        .as(() -> String.join("\n", lines))
        .contains(" 0 failed, 0 soft errs, 0 hard errs");
    Summary.line(
        "orderings, jcstress -m %s: %s", mode, results.substring(RESULTS.length()).strip());
  }
}
