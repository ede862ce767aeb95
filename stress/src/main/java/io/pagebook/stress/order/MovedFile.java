package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Writes go to the new file only after the old one was marked, and a reader looks at the mark after
 * it has read: what it believes from the old file was the newest value when its read began.
 */
@JCStressTest
@Description(
    "A vacuum marks the old file moved; somebody writes to the new one; a reader is in the old one.")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "the read began before the write returned")
@Outcome(id = "0", expect = ACCEPTABLE, desc = "seen to have moved: read again in the new file")
@Outcome(id = "-1", expect = FORBIDDEN, desc = "a stale value, from a file that serves no more")
@State
public class MovedFile {

  private final long at = Words.take();
  private final long state = at;
  private final long slot = Words.line(at, 1);
  private final long returned = Words.line(at, 2);

  @Actor
  public void vacuumThenWriter() {
    Words.MEMORY.putLongVolatile(state, 3);
    Words.OTHER.putLongRelease(slot, 1);
    Words.OTHER.putLongVolatile(returned, 1);
  }

  @Actor
  public void reader(I_Result r) {
    boolean writeReturned = Words.OTHER.getLongVolatile(returned) == 1;
    long value = Words.MEMORY.getLongAcquire(slot);
    PageMemory.acquireFence();
    boolean serving = Words.MEMORY.getLongAcquire(state) != 3;
    if (!serving) {
      r.r1 = 0;
    } else {
      r.r1 = writeReturned && value == 0 ? -1 : 1;
    }
  }
}
