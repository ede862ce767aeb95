package io.pagebook.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where stores keep their files while they are measured: in memory where the system has such a
 * place. What is there when the JVM is told to end, as by Ctrl-C, is deleted.
 */
public final class Directories {
  private static final Path IN_MEMORY = Path.of("/dev/shm");
  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));
  private static final String PREFIX = "pagebook-benchmark-";

  private Directories() {}

  public static Path create() {
    return createIn(null);
  }

  /** Where directories are created if nobody names another place. */
  public static Path usualPlace() {
    return Files.isWritable(IN_MEMORY) ? IN_MEMORY : TEMPORARY;
  }

  /** {@code parent}, or the usual place if that is null. */
  static Path place(@Nullable Path parent) {
    return parent == null ? usualPlace() : parent;
  }

  /** A new directory in {@code parent}; null for the usual place. */
  static Path createIn(@Nullable Path parent) {
    Path place = place(parent);
    try {
      Path directory = Files.createTempDirectory(place, PREFIX);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no directory can be made there: place=" + place + "; name another --directory", e);
    }
  }

  /** Deletes a directory with all that is in it, if it is there. */
  public static void delete(Path directory) {
    if (Files.notExists(directory)) {
      return;
    }
    try (Stream<Path> found = Files.walk(directory)) {
      List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes all that is in a directory. */
  static void clear(Path directory) {
    delete(directory);
    try {
      Files.createDirectory(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of all blocks that the directory's files occupy, as {@code du} counts them. */
  static long allocatedBytes(Path directory) {
    String size = Processes.output(List.of("du", "-s", "-B1", directory.toString()));
    return Long.parseLong(size.substring(0, size.indexOf('\t')));
  }
}
