package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The move target is stored before the state, both volatile: who finds the file of a dead vacuum
 * moving asks for the right file.
 */
@JCStressTest
@Description("A vacuum begins to move the file; a survivor finds it so.")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "not moving yet")
@Outcome(id = "1, 5", expect = ACCEPTABLE, desc = "moving, with its target")
@Outcome(
    id = "1, 0",
    expect = FORBIDDEN,
    desc = "moving before its target: a vacuum that has arrived is undone")
@State
public class MoveTarget {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();
  private final long state = at;
  private final long target = at + Long.BYTES;

  @Actor
  public void vacuum() {
    MEMORY.putLongVolatile(target, 5);
    MEMORY.putLongVolatile(state, BookLayout.STATE_MOVING);
  }

  @Actor
  public void survivor(II_Result r) {
    if (MEMORY.getLongVolatile(state) == BookLayout.STATE_MOVING) {
      r.r1 = 1;
      r.r2 = (int) MEMORY.getLongPlain(target);
    }
  }
}
