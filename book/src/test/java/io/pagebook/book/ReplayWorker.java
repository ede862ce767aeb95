package io.pagebook.book;

import io.pagebook.book.memory.StoreRecorder;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.LogManager;

/**
 * A process that does operations and records them. Arguments: the file to write, the number of the
 * event to halt at or 0, and pairs of an operation's name and a directory with the book for it.
 */
final class ReplayWorker {
  private ReplayWorker() {}

  public static void main(String[] arguments) throws IOException {
    LogManager.getLogManager().reset(); // a verified book is logged
    Map<String, ReplayedOperation> all = ReplayedOperation.all();
    int haltAt = Integer.parseInt(arguments[1]);
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(Files.newOutputStream(Path.of(arguments[0]))))) {
      for (int i = 2; i < arguments.length; i += 2) {
        String name = arguments[i];
        ReplayedOperation operation =
            name.startsWith(KillAnywhereIT.RECOVERY)
                ? all.get(
                        name.substring(
                            KillAnywhereIT.RECOVERY.length(),
                            name.indexOf(KillAnywhereIT.CUT_NUMBER)))
                    .recovery()
                : all.get(name);
        run(operation, Path.of(arguments[i + 1]), haltAt, out);
      }
    }
    System.out.println("done");
    Runtime.getRuntime().halt(0); // dead, as far as the books know
  }

  private static void run(
      ReplayedOperation operation, Path directory, int haltAt, DataOutputStream out)
      throws IOException {
    var session =
        new ReplayedOperation.Session(directory.resolve(KillAnywhereIT.BOOK), operation.options());
    if (operation.warmUp() != null) {
      session.open();
      operation.warmUp().run(session);
    }
    StoreRecorder recorder = StoreRecorder.start(directory, haltAt);
    recorder.writeFiles(out);
    operation.act().run(session);
    recorder.stop(out);
  }
}
