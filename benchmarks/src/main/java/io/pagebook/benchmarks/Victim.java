package io.pagebook.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Writes without a pause until it is killed, or until its input ends. */
final class Victim {
  /** Writes before it says that it is at work: by then they are compiled. */
  private static final int WARMUP = 50_000;

  private Victim() {}

  /** Takes the directory of a book, how many keys it writes, and a seed. */
  public static void main(String[] args) {
    Thread watch = new Thread(Victim::endWithInput, "input");
    watch.setDaemon(true);
    watch.start();
    int keys = Integer.parseInt(args[1]);
    SplittableRandom random = new SplittableRandom(Long.parseLong(args[2]));
    try (Store<String> store = StoreKind.PAGEBOOK.open(Path.of(args[0]), Shape.usual(keys))) {
      for (long i = 0; ; i++) {
        int n = 1 + random.nextInt(keys);
        store.put(Workload.key(n), Shape.usual(1).initialValue(n));
        if (i == WARMUP) {
          ChildJvm.say("at work");
        }
      }
    }
  }

  private static void endWithInput() {
    try {
      while (System.in.read() >= 0) {
        Thread.onSpinWait(); // nothing is ever sent
      }
    } catch (IOException e) {
      // as good as its end
    }
    Runtime.getRuntime().halt(1);
  }
}
