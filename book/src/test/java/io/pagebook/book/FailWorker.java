package io.pagebook.book;

import io.pagebook.book.memory.FailingStore;
import io.pagebook.testing.CheckedValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.logging.LogManager;
import java.util.stream.IntStream;

/**
 * A process in which threads fail inside the engine, at store after store of each operation.
 * Arguments: a directory, a seed, how many stores of an operation at the most, names of operations;
 * none for all.
 */
final class FailWorker {
  private static final int ABOVE = 20;

  private final Path directory;
  private final ReplayedOperation operation;
  private final Path prepared;
  private int copies;

  private FailWorker(Path directory, ReplayedOperation operation) throws IOException {
    this.directory = directory;
    this.operation = operation;
    this.prepared = Files.createDirectory(directory.resolve("prepared"));
    operation.makeBook(prepared.resolve(KillAnywhereIT.BOOK));
  }

  public static void main(String[] arguments) throws IOException {
    LogManager.getLogManager().reset(); // that pages may have leaked, and more, is logged
    Map<String, ReplayedOperation> all = ReplayedOperation.all();
    Path directory = Path.of(arguments[0]);
    SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[1]));
    int most = Integer.parseInt(arguments[2]);
    if (arguments.length > 3) {
      all.keySet().retainAll(List.of(arguments).subList(3, arguments.length));
    }
    for (ReplayedOperation operation : all.values()) {
      Path own = Files.createTempDirectory(directory, "fail-");
      new FailWorker(own, operation).run(random, most);
    }
    System.out.println("done");
  }

  private void run(SplittableRandom random, int most) throws IOException {
    Path before = copy();
    Path after = copy();
    ReplayedOperation.Session session = begin(after);
    FailingStore counting = FailingStore.start(0);
    operation.act().run(session);
    int stores = counting.stop();
    session.book().close();
    ReplayCheck check = new ReplayCheck(operation, before, after);
    int[] points =
        stores <= most
            ? IntStream.rangeClosed(1, stores).toArray()
            : random.ints(1, stores + 1).distinct().limit(most).sorted().toArray();
    int failed = 0;
    for (int point : points) {
      failed += fail(point, check) ? 1 : 0;
    }
    check.assertNoFailure();
    System.out.println("operation " + points.length + " " + failed + " " + operation.name());
    ReplayCheck.delete(prepared);
    Files.delete(directory);
  }

  /** Whether the operation threw the error, or went on without what it had failed at. */
  private boolean fail(int point, ReplayCheck check) throws IOException {
    Path own = copy();
    ReplayedOperation.Session session = begin(own);
    FailingStore failing = FailingStore.start(point);
    boolean thrown = false;
    try {
      operation.act().run(session);
    } catch (OutOfMemoryError | BookException e) {
      thrown = true;
    } finally {
      failing.stop();
    }
    check.run(
        () -> {
          if (session.book() != null) {
            serve(session);
            session.book().close();
          }
        },
        "store " + point);
    check.run(own, "store " + point);
    return thrown;
  }

  /** The process goes on with the book in which a thread of it has failed. */
  private void serve(ReplayedOperation.Session session) {
    try {
      for (int key = 0; key < operation.keys(); key++) {
        RecordBuffer found = ReplayedOperation.key(key);
        if (session.records().get(found)) {
          CheckedValue.decode(key, found.takeValue());
        }
      }
      boolean evicts = operation.options().onFull() == BookOptions.OnFull.EVICT;
      if (!evicts) { // there it might drive out what is looked for
        int free = operation.keys() + ABOVE;
        session.put(free, 0, 100);
        session.remove(free);
      }
    } catch (BookException.Closed e) {
      // it was being closed or destroyed
    }
  }

  private ReplayedOperation.Session begin(Path own) throws IOException {
    ReplayedOperation.Session session = session(own);
    if (operation.warmUp() != null) {
      session.open();
      operation.warmUp().run(session);
    }
    return session;
  }

  private ReplayedOperation.Session session(Path own) {
    return new ReplayedOperation.Session(own.resolve(KillAnywhereIT.BOOK), operation.options());
  }

  private Path copy() throws IOException {
    Path own = Files.createDirectory(directory.resolve("copy-" + copies++));
    try (var files = Files.newDirectoryStream(prepared)) {
      for (Path file : files) {
        Files.copy(file, own.resolve(file.getFileName()));
      }
    }
    return own;
  }
}
