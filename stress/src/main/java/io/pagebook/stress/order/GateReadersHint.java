package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The flag may claim readers where there are none, never the other way round: a reader sets its
 * hold first, then the flag and a new version; a writer clears the flag by compare-and-set from a
 * word that it loaded before it looked at the holds.
 */
@JCStressTest
@Description("A plain writer clears the readers flag while a reader of the whole book comes in.")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the reader is inside and the flag says so")
@Outcome(
    id = "1, 0",
    expect = FORBIDDEN,
    desc = "a reader is inside and no writer will look for it")
@State
public class GateReadersHint {

  private static final PageMemory MEMORY = Words.MEMORY;
  private static final long FLAG = 1;

  private final long at = Words.take();
  private final long readers = at;
  private final long hold = Words.line(at, 1);

  public GateReadersHint() {
    MEMORY.putLongPlain(readers, FLAG);
  }

  @Actor
  public void reader() {
    MEMORY.putLongVolatile(hold, 1);
    long word;
    do {
      word = MEMORY.getLongVolatile(readers);
    } while (!MEMORY.compareAndSetLong(readers, word, (word | FLAG) + 2 * FLAG));
  }

  @Actor
  public void writer() {
    long word = MEMORY.getLongVolatile(readers);
    if ((word & FLAG) != 0 && MEMORY.getLongVolatile(hold) == 0) {
      MEMORY.compareAndSetLong(readers, word, (word & ~FLAG) + 2 * FLAG);
    }
  }

  @Arbiter
  public void look(II_Result r) {
    r.r1 = (int) MEMORY.getLongVolatile(hold);
    r.r2 = (int) (MEMORY.getLongVolatile(readers) & FLAG);
  }
}
