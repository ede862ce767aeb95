package io.pagebook.stress.soak;

import io.pagebook.book.PageBook;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * How large everything is at a moment, in this process and on disk, after a full collection: on
 * Java 17 a mapping goes when the collector has found it.
 *
 * @param seconds since the beginning
 * @param directoryBytes all files of the book's directory
 * @param liveBytes of records
 * @param mappings of the book's files, those of deleted ones included
 * @param windows that the engine sees those files through: at most one mapping each
 * @param deletedMappings those of files that a vacuum has replaced
 * @param descriptors open in this process
 * @param threads of this process
 * @param heapBytes in use
 */
record Sample(
    long seconds,
    long directoryBytes,
    long liveBytes,
    int mappings,
    int windows,
    int deletedMappings,
    int descriptors,
    int threads,
    long heapBytes) {
  static final String HEADER =
      "  second  directory KiB   live KiB  mappings  windows  of deleted  descriptors  threads  heap KiB";

  private static final long WINDOW_BYTES = 4L << 20;
  private static final Duration UNMAPPING = Duration.ofSeconds(10);

  static Sample take(long seconds, PageBook book) throws IOException {
    collect(book.file());
    return new Sample(
        seconds,
        sizeOf(book.file().getParent()),
        book.usedBytes(),
        countMappings(book.file(), false),
        countWindows(book.file().getParent()),
        countMappings(book.file(), true),
        countDescriptors(),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
  }

  /**
   * Collects until no file is mapped that is deleted and no window has more than one mapping, or
   * for long enough to know that this stays so.
   */
  private static void collect(Path file) {
    long end = System.nanoTime() + UNMAPPING.toNanos();
    Awaitility.await("collections")
        .atMost(UNMAPPING.multipliedBy(3))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              System.gc();
              return (countMappings(file, true) == 0
                      && countMappings(file, false) <= countWindows(file.getParent()))
                  || System.nanoTime() - end >= 0;
            });
  }

  private static int countMappings(Path file, boolean deletedOnly) throws IOException {
    int count = 0;
    String directory = file.getParent().toString();
    for (String line : Files.readAllLines(Path.of("/proc/self/maps"), StandardCharsets.UTF_8)) {
      if (line.contains(directory) && (!deletedOnly || line.endsWith("(deleted)"))) {
        count++;
      }
    }
    return count;
  }

  /** One for each 4 MiB begun of a file. */
  private static int countWindows(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return (int)
          files.mapToLong(file -> (file.toFile().length() + WINDOW_BYTES - 1) / WINDOW_BYTES).sum();
    }
  }

  private static int countDescriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return (int) all.count();
    }
  }

  private static long sizeOf(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%8d %14d %10d %9d %8d %11d %12d %8d %9d",
        seconds,
        directoryBytes >> 10,
        liveBytes >> 10,
        mappings,
        windows,
        deletedMappings,
        descriptors,
        threads,
        heapBytes >> 10);
  }
}
