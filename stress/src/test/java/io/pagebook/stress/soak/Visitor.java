package io.pagebook.stress.soak;

import io.pagebook.book.BookOptions;
import io.pagebook.book.PageBook;
import io.pagebook.testing.Parent;
import io.pagebook.testing.Seeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;

/** A process of {@link SoakIT} that comes, churns, sometimes vacuums, and goes when it is told. */
final class Visitor {
  static final String VIOLATION = "VIOLATION ";
  static final String WORKING = "working";

  private static final int STEPS_PER_VACUUM = 20_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private Visitor() {}

  public static void main(String[] args) {
    Parent parent = Parent.connect();
    SplittableRandom random = new SplittableRandom(Seeds.inherited());
    Path file = Path.of(args[0]);
    try (PageBook book = PageBook.open(file, BookOptions.DEFAULT.withLockTimeout(PATIENCE));
        CachedChurn cached = CachedChurn.open(Path.of(args[1]), random.split())) {
      Churn churn = new Churn(book, random.split());
      parent.say(WORKING);
      while (!parent.hasSpoken()) {
        churn.step();
        cached.step();
        if (random.nextInt(STEPS_PER_VACUUM) == 0) {
          book.vacuum();
          cached.book().vacuum();
          parent.say("vacuumed");
        }
      }
    } catch (RuntimeException | Error e) {
      e.printStackTrace();
      parent.say(VIOLATION + e);
      Runtime.getRuntime().halt(1);
    }
    System.exit(0);
  }
}
