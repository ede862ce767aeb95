package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** As {@link PageCount} with the order wrong, to show that the test can tell. */
@JCStressTest
@Description("Control: the page count is stored before the file is longer.")
@Outcome(
    id = {"0", "1"},
    expect = ACCEPTABLE,
    desc = "what is counted is there")
@Outcome(
    id = "-1",
    expect = ACCEPTABLE_INTERESTING,
    desc = "counted and not there, as expected of the wrong order")
@State
public class ControlPageCountFirst {

  private final GrowingFile file = GrowingFile.take();

  @Actor
  public void grower() {
    long target = file.count() + 1;
    file.count(target);
    file.append(target);
  }

  @Actor
  public void reader(I_Result r) {
    r.r1 = file.look();
  }
}
