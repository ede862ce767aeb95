package io.pagebook.stress.vacuum;

import io.pagebook.book.PageBook;
import io.pagebook.testing.Parent;
import java.nio.file.Path;

/** A process that vacuums a book when it is told to, and does not survive it. Argument: book. */
final class VacuumVictim {
  private VacuumVictim() {}

  public static void main(String[] args) throws ClassNotFoundException {
    for (String name : Stepper.STEPPED) {
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
