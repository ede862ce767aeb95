package io.pagebook.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a number means nothing without.
 *
 * @param load how many processes wanted a processor in the minute before: above half the cores,
 *     even ratios are rough
 * @param place the directory that the stores' files were in
 */
record Machine(
    String processor,
    int cores,
    long memoryGiB,
    String system,
    String jdk,
    double load,
    String place) {
  private static final long KIB_PER_GIB = 1 << 20;

  /** This machine, and the Java that runs here and in JMH's forks. */
  static Machine current(Path place) {
    return new Machine(
        firstValue(Path.of("/proc/cpuinfo"), "model name", System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        Long.parseLong(firstValue(Path.of("/proc/meminfo"), "MemTotal", "0").replaceAll("\\D", ""))
            / KIB_PER_GIB,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.vendor") + " " + System.getProperty("java.runtime.version"),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        place.toString());
  }

  /** The value of the first line {@code name: value} of a file that Linux has and others lack. */
  private static String firstValue(Path file, String name, String otherwise) {
    if (!Files.isReadable(file)) {
      return otherwise;
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
