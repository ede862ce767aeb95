package io.pagebook.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The results of one run as a JSON file: where, when and on which commit it ran, then what it found
 * itself, and what JMH found.
 */
final class ResultFile {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final double MILLIS_PER_SECOND = 1e3;

  private ResultFile() {}

  /**
   * Writes the file of a run in {@code directory}; what an earlier call wrote there for this run is
   * replaced.
   */
  static Path write(
      Path directory, String commit, Findings findings, Collection<RunResult> results) {
    String time = findings.start().truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode root = MAPPER.createObjectNode();
    root.put("time", time);
    root.put("commit", commit);
    root.put("selection", findings.command());
    root.put(
        "seconds",
        Duration.between(findings.start(), Instant.now()).toMillis() / MILLIS_PER_SECOND);
    root.set("machine", MAPPER.valueToTree(findings.machine()));
    root.set("settings", MAPPER.valueToTree(findings.settings()));
    root.set("findings", MAPPER.valueToTree(findings.rows()));
    root.set("notes", MAPPER.valueToTree(findings.notes()));
    root.set("results", MAPPER.readTree(jmhJson(results)));
    String name = time.replace(":", "") + "-" + commit + "-" + findings.command() + ".json";
    try {
      Path file = Files.createDirectories(directory).resolve(name);
      Files.writeString(file, MAPPER.writeValueAsString(root) + System.lineSeparator());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode read(Path file) {
    return MAPPER.readTree(file);
  }

  static Finding finding(JsonNode row) {
    return MAPPER.treeToValue(row, Finding.class);
  }

  static Note note(JsonNode note) {
    return MAPPER.treeToValue(note, Note.class);
  }

  private static byte[] jmhJson(Collection<RunResult> results) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
    }
    return bytes.toByteArray();
  }
}
