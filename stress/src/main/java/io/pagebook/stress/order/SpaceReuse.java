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
 * Space is overwritten only behind a release fence after its slot was changed, so a reader that has
 * copied an overwritten byte sees, behind its acquire fence, the changed slot.
 */
@JCStressTest
@Description("Dead space is overwritten while a stalled reader looks at it.")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "whole, the record that was there")
@Outcome(id = "-1", expect = ACCEPTABLE, desc = "the slot points elsewhere")
@Outcome(id = "-2", expect = ACCEPTABLE, desc = "seen to have changed: read again")
@Outcome(id = "2", expect = FORBIDDEN, desc = "the new record, believed under the old slot")
@Outcome(id = "-3", expect = FORBIDDEN, desc = "torn: bytes of another record were believed")
@State
public class SpaceReuse {

  private final long at = Words.take();

  public SpaceReuse() {
    RecordReading.write(at, 1);
    RecordReading.publish(at, RecordReading.slot(at));
  }

  @Actor
  public void writer() {
    RecordReading.publish(at, 0);
    Words.MEMORY.putLongRelease(Words.line(at, 1), RecordLayout.dead(24));
    RecordReading.write(at, 2);
  }

  @Actor
  public void reader(I_Result r) {
    r.r1 = RecordReading.read(at);
  }
}
