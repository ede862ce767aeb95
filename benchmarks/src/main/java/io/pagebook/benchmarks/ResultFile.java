package io.pagebook.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** The results of one run as a JSON file: where and on which commit it ran, then what JMH found. */
final class ResultFile {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private ResultFile() {}

  /**
   * Writes {@code results} to the file of the run that began at {@code start}, in {@code
   * directory}; what an earlier call wrote there for this run is replaced.
   */
  static Path write(
      Path directory,
      Selection selection,
      String commit,
      Machine machine,
      Instant start,
      Collection<RunResult> results) {
    ObjectNode root = MAPPER.createObjectNode();
    root.set("results", MAPPER.readTree(jmhJson(results)));
    return write(directory, selection.toString(), commit, machine, start, root);
  }

  /** Writes {@code findings} to a new file in {@code directory}. */
  static Path write(
      Path directory, String command, String commit, Machine machine, Findings findings) {
    ObjectNode root = MAPPER.createObjectNode();
    root.set("settings", MAPPER.valueToTree(findings.settings()));
    root.set("findings", MAPPER.valueToTree(findings.rows()));
    return write(directory, command, commit, machine, Instant.now(), root);
  }

  private static Path write(
      Path directory,
      String selection,
      String commit,
      Machine machine,
      Instant instant,
      ObjectNode body) {
    String time = instant.truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode root = MAPPER.createObjectNode();
    root.put("time", time);
    root.put("commit", commit);
    root.put("selection", selection);
    root.set("machine", MAPPER.valueToTree(machine));
    root.setAll(body);
    String name = time.replace(":", "") + "-" + commit + "-" + selection + ".json";
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

  /** The findings of a file that was written with some. */
  static Findings findings(JsonNode file) {
    Findings findings = new Findings();
    for (JsonNode row : file.get("findings")) {
      Finding finding = MAPPER.treeToValue(row, Finding.class);
      findings.add(finding.table(), finding.row(), finding.unit(), finding.values());
    }
    return findings;
  }

  private static byte[] jmhJson(Collection<RunResult> results) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
    }
    return bytes.toByteArray();
  }
}
