package io.pagebook.testing;

import io.pagebook.book.BookChecker;
import io.pagebook.book.BookOptions;
import io.pagebook.book.PageBook;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A directory for the books of one test. After the test, whatever its outcome, everything opened or
 * started through this extension is closed, the checker runs on every book that was asked for and
 * exists, and the directory is deleted.
 *
 * <pre>{@code
 * @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
 * }</pre>
 */
public final class CheckedBooks implements BeforeEachCallback, AfterEachCallback {
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private final @Nullable Path base;
  private final Set<Path> files = new LinkedHashSet<>();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private @Nullable Path directory;

  private CheckedBooks(@Nullable Path base) {
    this.base = base;
  }

  /** Books on the file system of temporary files. */
  public static CheckedBooks inTemporaryDirectory() {
    return new CheckedBooks(null);
  }

  /** Books in memory, {@code /dev/shm}; where there is none the tests are skipped. */
  public static CheckedBooks inSharedMemory() {
    return new CheckedBooks(SHARED_MEMORY);
  }

  /** The directory of this test. */
  public Path directory() {
    if (directory == null) {
      throw new IllegalStateException("no test is running");
    }
    return directory;
  }

  /** The path of a book that will be checked after the test, if it exists by then. */
  public synchronized Path file(String name) {
    Path file = directory().resolve(name);
    files.add(file);
    return file;
  }

  /** Opens a book that is closed and checked after the test. */
  public PageBook open(String name, BookOptions options) {
    return closing(PageBook.open(file(name), options));
  }

  /** Opens a book, as {@link #open(String, BookOptions)} with the default options. */
  public PageBook open(String name) {
    return open(name, BookOptions.DEFAULT);
  }

  /** Has {@code resource} closed after the test, before the checks; last come, first closed. */
  public synchronized <T extends AutoCloseable> T closing(T resource) {
    open.push(resource);
    return resource;
  }

  /** Spares a file the check: it is meant to be broken. */
  public synchronized void doNotCheck(Path file) {
    files.remove(file);
  }

  /** Fails with all violations of all books so far. They may be open. */
  public synchronized void check() {
    List<String> violations = new ArrayList<>();
    for (Path file : files) {
      if (Files.exists(file)) {
        for (String violation : BookChecker.check(file).violations()) {
          violations.add(file.getFileName() + ": " + violation);
        }
      }
    }
    if (!violations.isEmpty()) {
      throw new AssertionError(
          violations.size()
              + " violations found by the checker:\n"
              + String.join("\n", violations));
    }
  }

  /** Has all books in a directory, such as that of a shared manager, checked after the test. */
  public void checkAllIn(Path caches) {
    closing(
        () -> {
          try (DirectoryStream<Path> found = Files.newDirectoryStream(caches, "*.book")) {
            for (Path file : found) {
              file(file.toString());
            }
          }
        });
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    if (base == null) {
      directory = Files.createTempDirectory("pagebook-test-");
    } else {
      Assumptions.assumeTrue(
          Files.isWritable(base), () -> "no writable " + base + " on this machine");
      directory = Files.createTempDirectory(base, "pagebook-test-");
    }
  }

  @Override
  public synchronized void afterEach(ExtensionContext context) throws Exception {
    List<Throwable> failures = new ArrayList<>();
    while (!open.isEmpty()) {
      attempt(open.pop()::close, failures);
    }
    attempt(this::check, failures);
    files.clear();
    Path deleted = directory;
    directory = null;
    if (deleted != null) {
      attempt(() -> deleteTree(deleted), failures);
    }
    if (!failures.isEmpty()) {
      AssertionError error =
          new AssertionError("after the test: " + failures.get(0).getMessage(), failures.get(0));
      failures.stream().skip(1).forEach(error::addSuppressed);
      throw error;
    }
  }

  private static void attempt(Attempt step, List<Throwable> failures) {
    try {
      step.run();
    } catch (Exception | AssertionError e) {
      failures.add(e);
    }
  }

  private static void deleteTree(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** A step of the clean-up. */
  private interface Attempt {
    void run() throws Exception;
  }
}
