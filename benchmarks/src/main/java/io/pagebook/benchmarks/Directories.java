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
 * place.
 */
public final class Directories {
  private static final Path IN_MEMORY = Path.of("/dev/shm");
  private static final String PREFIX = "pagebook-benchmark-";

  private Directories() {}

  public static Path create() {
    try {
      return Files.isWritable(IN_MEMORY)
          ? Files.createTempDirectory(IN_MEMORY, PREFIX)
          : Files.createTempDirectory(PREFIX);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new directory in {@code parent}; without one, as {@link #create()}. */
  static Path createIn(@Nullable Path parent) {
    try {
      return parent == null ? create() : Files.createTempDirectory(parent, PREFIX);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no directory can be made there: parent=" + parent + "; name another --directory", e);
    }
  }

  public static void delete(Path directory) {
    try (Stream<Path> found = Files.walk(directory)) {
      List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
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
