package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * As {@link RecordPublication} with the order of the stores wrong, to show that the test can tell.
 */
@JCStressTest
@Description("Control: the slot is published before the record.")
@Outcome(id = "-1", expect = ACCEPTABLE, desc = "not there yet")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "whole")
@Outcome(id = "-2", expect = ACCEPTABLE, desc = "seen to have changed")
@Outcome(
    id = {"-3", "0"},
    expect = ACCEPTABLE_INTERESTING,
    desc = "torn, or what was there before, as expected of the wrong order")
@State
public class ControlSlotFirst {

  private final long at = Words.take();

  @Actor
  public void writer() {
    RecordReading.publish(at, RecordReading.slot(at));
    RecordReading.write(at, 1);
  }

  @Actor
  public void reader(I_Result r) {
    r.r1 = RecordReading.read(at);
  }
}
