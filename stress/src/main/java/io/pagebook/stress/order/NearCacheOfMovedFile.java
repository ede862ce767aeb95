package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.layout.BookLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A file that a vacuum has replaced keeps its generations: only the state tells, which a near-cache
 * loads after the generation. The entry was filled in the old file, in its last generation.
 */
@JCStressTest
@Description(
    "A vacuum marks the old file moved; somebody writes to the new one; a near-cache is in the old one.")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "a hit that began before the write returned")
@Outcome(id = "0", expect = ACCEPTABLE, desc = "no hit: ask the book")
@Outcome(
    id = "-1",
    expect = FORBIDDEN,
    desc = "the near-cache serves a value after its replacement has returned")
@State
public class NearCacheOfMovedFile {

  private static final long FILLED_AT = 2;

  private final long at = Words.take();
  private final long state = at;
  private final long generation = Words.line(at, 1);
  private final long slot = Words.line(at, 2);
  private final long returned = Words.line(at, 3);

  public NearCacheOfMovedFile() {
    Words.MEMORY.putLongPlain(state, BookLayout.STATE_MOVING);
    Words.MEMORY.putLongPlain(generation, FILLED_AT);
  }

  @Actor
  public void vacuumThenWriter() {
    Words.MEMORY.putLongVolatile(state, BookLayout.STATE_MOVED);
    Words.OTHER.putLongRelease(slot, 1);
    Words.OTHER.putLongVolatile(returned, 1);
  }

  @Actor
  public void nearCache(I_Result r) {
    boolean writeReturned = Words.OTHER.getLongVolatile(returned) == 1;
    boolean hit =
        Words.MEMORY.getLongAcquire(generation) == FILLED_AT
            && Words.MEMORY.getLongAcquire(state) <= BookLayout.STATE_MOVING;
    if (!hit) {
      r.r1 = 0;
    } else {
      r.r1 = writeReturned ? -1 : 1;
    }
  }
}
