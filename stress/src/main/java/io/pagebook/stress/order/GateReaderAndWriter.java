package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.layout.OwnerWord;
import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Each stores its own word first, the hold in its slot or the gate's writer word, and then looks at
 * the other's, all volatile.
 */
@JCStressTest
@Description("A reader and a writer of the whole book come at once.")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the reader gives way")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the writer waits")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "both: the reader gives way")
@Outcome(id = "1, 1", expect = FORBIDDEN, desc = "both are inside")
@State
public class GateReaderAndWriter {

  private static final PageMemory MEMORY = Words.MEMORY;

  private final long at = Words.take();
  private final long writerWord = at;
  private final long hold = Words.line(at, 1);

  @Actor
  public void reader(II_Result r) {
    MEMORY.putLongVolatile(hold, 1);
    r.r1 = MEMORY.getLongVolatile(writerWord) == OwnerWord.FREE ? 1 : 0;
  }

  @Actor
  public void writer(II_Result r) {
    MEMORY.compareAndSetLong(writerWord, OwnerWord.FREE, OwnerWord.of(2, 1));
    r.r2 = MEMORY.getLongVolatile(hold) == 0 ? 1 : 0;
  }
}
