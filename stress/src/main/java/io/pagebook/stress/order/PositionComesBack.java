package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.layout.RecordLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The slot may hold the same word again (A, B, A): the head is loaded again after the slot, and
 * holds a stamp that no earlier record there had.
 */
@JCStressTest
@Description("A record is removed, and another one published at its position.")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "whole, the first record")
@Outcome(id = "2", expect = ACCEPTABLE, desc = "whole, the second record")
@Outcome(id = "-1", expect = ACCEPTABLE, desc = "removed")
@Outcome(id = "-2", expect = ACCEPTABLE, desc = "seen to have changed: read again")
@Outcome(id = "-3", expect = FORBIDDEN, desc = "torn: a mixture was believed")
@State
public class PositionComesBack {

  private final long at = Words.take();

  public PositionComesBack() {
    RecordReading.write(at, 1);
    RecordReading.publish(at, RecordReading.slot(at));
  }

  @Actor
  public void writer() {
    RecordReading.publish(at, 0);
    Words.MEMORY.putLongRelease(Words.line(at, 1), RecordLayout.dead(24));
    RecordReading.write(at, 2);
    RecordReading.publish(at, RecordReading.slot(at));
  }

  @Actor
  public void reader(I_Result r) {
    r.r1 = RecordReading.read(at);
  }
}
