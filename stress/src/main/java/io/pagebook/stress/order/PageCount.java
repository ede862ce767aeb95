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
 * The file is made longer before the page count says so, which is stored volatile: who loads the
 * count by acquire can map what is counted, through descriptors and mappings of its own, and finds
 * zeros there. The length is the kernel's; the count is a word like all others.
 *
 * <p>The reader looks at the file's newest count, as whoever takes a lock does, not at the one that
 * this state's writer stores.
 */
@JCStressTest
@Description("A file grows; another process sees the page count and maps the file anew.")
@Outcome(id = "0", expect = ACCEPTABLE, desc = "what is counted was mapped before")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "what is counted could be mapped")
@Outcome(
    id = "-1",
    expect = FORBIDDEN,
    desc = "counted and not there: a sound book is taken for a truncated one")
@Outcome(id = "-2", expect = FORBIDDEN, desc = "new pages that are not free")
@State
public class PageCount {

  private final GrowingFile file = GrowingFile.take();

  @Actor
  public void grower() {
    long target = file.count() + 1;
    file.append(target);
    file.count(target);
  }

  @Actor
  public void reader(I_Result r) {
    r.r1 = file.look();
  }
}
