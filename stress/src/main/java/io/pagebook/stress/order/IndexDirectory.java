package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A reader that sees the new level finds the chunk in the directory, and in the chunk what was
 * there before it was entered: each is stored by release after the one before it, and loaded by
 * acquire in the other order.
 */
@JCStressTest
@Description("The index gets a chunk, and a bucket in it.")
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "nothing yet")
@Outcome(id = "0, 1, 7", expect = ACCEPTABLE, desc = "the chunk, not the level")
@Outcome(id = "1, 1, 7", expect = ACCEPTABLE, desc = "level and chunk")
@Outcome(id = "1, 0, 0", expect = FORBIDDEN, desc = "a level whose bucket has no chunk")
@Outcome(
    id = {"0, 1, 0", "1, 1, 0"},
    expect = FORBIDDEN,
    desc = "a chunk before its contents")
@State
public class IndexDirectory {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();
  private final long levelSplit = at;
  private final long directory = Words.line(at, 1);
  private final long chunk = Words.line(at, 2);

  @Actor
  public void splitter() {
    MEMORY.putLongPlain(chunk, 7);
    MEMORY.putLongRelease(directory, 1);
    MEMORY.putLongRelease(levelSplit, 1);
  }

  @Actor
  public void reader(III_Result r) {
    r.r1 = (int) MEMORY.getLongAcquire(levelSplit);
    r.r2 = (int) MEMORY.getLongAcquire(directory);
    r.r3 = r.r2 == 0 ? 0 : (int) MEMORY.getLongAcquire(chunk);
  }
}
