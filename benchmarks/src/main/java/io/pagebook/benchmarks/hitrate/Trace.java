package io.pagebook.benchmarks.hitrate;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** Keys in the order of their use, as read from a file. */
final class Trace {
  private static final String TEXT = ".trace.gz";
  private static final String BINARY = ".trace.xz";
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private final String name;
  private final int[] keys;

  Trace(String name, int[] keys) {
    this.name = name;
    this.keys = keys;
  }

  String name() {
    return name;
  }

  /** The keys themselves, not a copy. */
  int[] keys() {
    return keys;
  }

  long distinct() {
    return IntStream.of(keys).distinct().count();
  }

  /** All files of a directory whose names tell that they are traces, by name; or the one file. */
  static List<Path> filesIn(Path directory) throws IOException {
    if (Files.isRegularFile(directory)) {
      return List.of(directory);
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream =
        Files.newDirectoryStream(directory, "*{" + TEXT + "," + BINARY + "}")) {
      stream.forEach(files::add);
    }
    files.sort(Comparator.naturalOrder());
    return files;
  }

  /**
   * Reads a {@code .trace.gz}, text with a number a line, other lines left out, or a {@code
   * .trace.xz}, big-endian 32-bit numbers.
   */
  static Trace read(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file))) {
      return new Trace(name, name.endsWith(TEXT) ? text(raw) : binary(raw));
    }
  }

  private static int[] text(InputStream raw) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(raw), StandardCharsets.US_ASCII))) {
      return lines
          .lines()
          .map(String::strip)
          .filter(line -> NUMBER.matcher(line).matches())
          .mapToInt(line -> (int) Long.parseLong(line))
          .toArray();
    }
  }

  private static int[] binary(InputStream raw) throws IOException {
    IntStream.Builder keys = IntStream.builder();
    try (DataInputStream numbers =
        new DataInputStream(new BufferedInputStream(new XZInputStream(raw)))) {
      while (true) {
        keys.add(numbers.readInt());
      }
    } catch (EOFException e) {
      return keys.build().toArray();
    }
  }
}
