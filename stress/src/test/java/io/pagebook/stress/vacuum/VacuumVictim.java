package io.pagebook.stress.vacuum;

import io.pagebook.book.PageBook;
import io.pagebook.stress.Stress;
import io.pagebook.stress.step.Stepper;
import io.pagebook.testing.Parent;
import java.nio.file.Path;
import java.util.Map;

/** A process that vacuums a book when it is told to, and does not survive it. Argument: book. */
final class VacuumVictim {
  /** Each line of the vacuum, each volatile store, and a sample of the other stores. */
  static final Stepper.Plan STEPS =
      Stepper.Plan.ofLines(Stress.choose(1, 2), "Vacuum", "NewFile", "BookCopier")
          .withCalls(
              Map.of(
                  "putLongVolatile", 1,
                  "truncate", 1,
                  "force", 1,
                  "appendZerosTo", 1,
                  "compareAndSetLong", 1000,
                  "putLongRelease", 1000));

  private VacuumVictim() {}

  public static void main(String[] args) throws ClassNotFoundException {
    for (String name : STEPS.classes()) {
      Class.forName(name); // a breakpoint needs a loaded class
    }
    Parent parent = Parent.connect();
    try (PageBook book = PageBook.open(Path.of(args[0]))) {
      parent.say("ready");
      parent.hear();
      book.vacuum();
      parent.say("vacuumed");
      parent.hear();
    }
  }
}
