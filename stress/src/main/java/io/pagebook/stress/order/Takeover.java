package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Succession is one compare-and-set from the dead owner's exact word: there is one successor. */
@JCStressTest
@Description("Two survivors find the lock word of a dead owner.")
@Outcome(
    id = {"1, 0", "0, 1"},
    expect = ACCEPTABLE,
    desc = "one successor")
@Outcome(
    id = {"1, 1", "0, 0"},
    expect = FORBIDDEN,
    desc = "two successors, or none")
@State
public class Takeover {

  private static final PageMemory MEMORY = Words.MEMORY;
  private static final long DEAD = OwnerWord.of(900, 77);

  private final long at = Words.take();

  public Takeover() {
    MEMORY.putLongPlain(at, DEAD);
  }

  @Actor
  public void one(II_Result r) {
    r.r1 = MEMORY.compareAndSetLong(at, DEAD, OwnerWord.of(1, 1)) ? 1 : 0;
  }

  @Actor
  public void other(II_Result r) {
    r.r2 = MEMORY.compareAndSetLong(at, DEAD, OwnerWord.of(2, 1)) ? 1 : 0;
  }
}
