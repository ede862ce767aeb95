package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Who searched a group stores the longest run that it met, by compare-and-set from the hint that it
 * loaded before; who frees pages forgets the hint afterwards. Each change raises the version: a
 * search that missed the freed page cannot leave a hint that denies it.
 */
@JCStressTest
@Description("A page is freed while a search of its group finds none.")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the page was found")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "it was not, and the hint does not deny it")
@Outcome(
    id = {"0, 1", "1, 1"},
    expect = FORBIDDEN,
    desc = "a free page that no search will look for")
@State
public class SearchHint {

  private static final PageMemory MEMORY = Words.MEMORY;
  private static final long USED = PageMapWord.reserved(1, 1, 1);
  private static final long VERSION = 1 << 20;
  private static final long NO_RUN = 1; // the longest run, 0, plus one

  private final long at = Words.take();
  private final long mapWord = at;
  private final long hint = Words.line(at, 1);

  public SearchHint() {
    MEMORY.putLongPlain(mapWord, USED);
  }

  @Actor
  public void searcher(II_Result r) {
    long seen = MEMORY.getLongAcquire(hint);
    if (MEMORY.getLongAcquire(mapWord) == PageMapWord.FREE) {
      r.r1 = 1;
    } else {
      MEMORY.compareAndSetLong(hint, seen, (seen & -VERSION) + VERSION + NO_RUN);
    }
  }

  @Actor
  public void freer() {
    MEMORY.compareAndSetLong(mapWord, USED, PageMapWord.FREE);
    long seen;
    do {
      seen = MEMORY.getLongAcquire(hint);
    } while (!MEMORY.compareAndSetLong(hint, seen, (seen & -VERSION) + VERSION));
  }

  @Arbiter
  public void bound(II_Result r) {
    r.r2 = (int) (MEMORY.getLongAcquire(hint) & (VERSION - 1));
  }
}
