package io.pagebook.testing;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * The loaded classes of a kind of child JVM, as an archive that others map when they start: it
 * takes a third off the start of a child that lives for some milliseconds only. Nothing else
 * changes; a JVM that cannot use the archive does without.
 *
 * @see <a href="https://openjdk.org/jeps/350">JEP 350: Dynamic CDS Archives</a>
 */
public final class ClassArchive {
  private final String classPath;
  private final Path file;

  /** An archive in a directory that outlives the children; {@link #record} makes it. */
  public ClassArchive(Path directory) {
    this.classPath = jars(directory);
    this.file = directory.resolve("children.jsa");
  }

  /** Has this child write the archive when it ends by itself. */
  public ChildJvm.Builder record(ChildJvm.Builder child) {
    return child.classPath(classPath).jvmOption("-XX:ArchiveClassesAtExit=" + file);
  }

  /** Has this child start with the archive. */
  public ChildJvm.Builder use(ChildJvm.Builder child) {
    return child.classPath(classPath).jvmOption("-XX:SharedArchiveFile=" + file);
  }

  /** Whether a child has written it. */
  public boolean isRecorded() {
    return Files.exists(file);
  }

  /** The JVM archives classes of jars only. */
  private static String jars(Path directory) {
    List<String> jars = new ArrayList<>();
    for (String entry : ChildJvm.classPath().split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      jars.add((Files.isDirectory(path) ? jar(path, directory, jars.size()) : path).toString());
    }
    return String.join(File.pathSeparator, jars);
  }

  private static Path jar(Path classes, Path directory, int number) {
    Path jar = directory.resolve("classes-" + number + ".jar");
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said, true);
    int code =
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(out, out, "--create", "--file", jar.toString(), "-C", classes.toString(), ".");
    if (code != 0) {
      throw new UncheckedIOException(new IOException("no jar of " + classes + ": " + said));
    }
    return jar;
  }
}
