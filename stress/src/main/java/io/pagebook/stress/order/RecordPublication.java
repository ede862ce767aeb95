package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A record that a reader believes is whole: the body is stored before the head and the head before
 * the slot, both by release; the reader loads them in the other order, by acquire.
 */
@JCStressTest
@Description("A record is written where nothing was, and its slot published.")
@Outcome(id = "-1", expect = ACCEPTABLE, desc = "not there yet")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "whole")
@Outcome(id = "-2", expect = FORBIDDEN, desc = "nothing changes a slot that is there")
@Outcome(id = "-3", expect = FORBIDDEN, desc = "torn: the slot was seen before the record")
@State
public class RecordPublication {

  private final long at = Words.take();

  @Actor
  public void writer() {
    RecordReading.write(at, 1);
    RecordReading.publish(at, RecordReading.slot(at));
  }

  @Actor
  public void reader(I_Result r) {
    r.r1 = RecordReading.read(at);
  }
}
