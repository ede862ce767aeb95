package io.pagebook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a long test has to tell a person: printed, and appended to the file that {@code
 * -Dpagebook.summary} names, in which the profile {@code stress} collects the lines of all modules.
 */
public final class Summary {
  /** The system property that names the file. */
  public static final String PROPERTY = "pagebook.summary";

  private static final AtomicLong KILLS = new AtomicLong();

  private Summary() {}

  /**
   * Counts processes that a test has killed; returns how many they are by now in this JVM's tests.
   */
  public static long kills(int more) {
    return KILLS.addAndGet(more);
  }

  /** One line, or a table of several. */
  public static void line(String format, Object... values) {
    String line = String.format(Locale.ROOT, format, values);
    System.out.println(line);
    String file = System.getProperty(PROPERTY, "");
    if (!file.isEmpty()) {
      try {
        Files.createDirectories(Path.of(file).toAbsolutePath().getParent());
        Files.writeString(
            Path.of(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
