package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** As {@link SearchHint} without the version, to show that the test can tell. */
@JCStressTest
@Description("Control: a forgotten hint looks as it did before.")
@Outcome(
    id = {"1, 0", "0, 0"},
    expect = ACCEPTABLE,
    desc = "as it should be")
@Outcome(
    id = "0, 1",
    expect = ACCEPTABLE_INTERESTING,
    desc = "a free page that no search will look for, as expected")
@State
public class ControlSearchHintUnversioned {

  private static final PageMemory MEMORY = Words.MEMORY;
  private static final long USED = PageMapWord.reserved(1, 1, 1);
  private static final long NO_RUN = 1; // the longest run, 0, plus one

  private final long at = Words.take();
  private final long mapWord = at;
  private final long hint = Words.line(at, 1);

  public ControlSearchHintUnversioned() {
    MEMORY.putLongPlain(mapWord, USED);
  }

  @Actor
  public void searcher(II_Result r) {
    long seen = MEMORY.getLongAcquire(hint);
    if (MEMORY.getLongAcquire(mapWord) == PageMapWord.FREE) {
      r.r1 = 1;
    } else {
      MEMORY.compareAndSetLong(hint, seen, NO_RUN);
    }
  }

  @Actor
  public void freer() {
    MEMORY.compareAndSetLong(mapWord, USED, PageMapWord.FREE);
    long seen;
    do {
      seen = MEMORY.getLongAcquire(hint);
    } while (!MEMORY.compareAndSetLong(hint, seen, 0));
  }

  @Arbiter
  public void bound(II_Result r) {
    r.r2 = (int) MEMORY.getLongAcquire(hint);
  }
}
