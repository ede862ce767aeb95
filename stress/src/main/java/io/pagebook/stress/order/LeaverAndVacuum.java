package io.pagebook.stress.order;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.SlotLayout;
import io.pagebook.book.memory.PageMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Each stores first and looks then, all volatile: who leaves its last counter, the empty slot, then
 * the state; the vacuum the state, then the slot, word first. Either the copy has what was stored,
 * or who leaves sees the vacuum and stores it in the new file too.
 */
@JCStressTest
@Description("A participant leaves while a vacuum copies the slots.")
@Outcome(id = "0, 1, 8", expect = ACCEPTABLE, desc = "the copy has the empty slot and the counter")
@Outcome(
    id = {"1, 0, 0", "1, 0, 8", "1, 1, 8"},
    expect = ACCEPTABLE,
    desc = "who leaves sees the vacuum")
@Outcome(
    id = {"0, 0, 0", "0, 0, 8", "0, 1, 0"},
    expect = FORBIDDEN,
    desc = "a slot that stays taken in the new file, or a counter that is lost")
@Outcome(id = "1, 1, 0", expect = FORBIDDEN, desc = "empty in the copy before its last counter")
@State
public class LeaverAndVacuum {

  private static final PageMemory MEMORY = Words.MEMORY;
  private static final PageMemory COPY = Words.OTHER;

  private final long at = Words.take();
  private final long word = at + SlotLayout.WORD_OFFSET;
  private final long counter = at + SlotLayout.counterOffset(0);
  private final long state = Words.line(at, 2);

  public LeaverAndVacuum() {
    MEMORY.putLongPlain(word, SlotLayout.word(SlotLayout.STATE_USED, 1));
    MEMORY.putLongPlain(state, BookLayout.STATE_NORMAL);
  }

  @Actor
  public void leaver(III_Result r) {
    MEMORY.putLongVolatile(counter, 8);
    MEMORY.putLongVolatile(word, SlotLayout.word(SlotLayout.STATE_EMPTY, 1));
    r.r1 = MEMORY.getLongVolatile(state) == BookLayout.STATE_MOVING ? 1 : 0;
  }

  @Actor
  public void vacuum(III_Result r) {
    MEMORY.putLongVolatile(state, BookLayout.STATE_MOVING);
    COPY.putLongPlain(word, MEMORY.getLongVolatile(word));
    COPY.putLongPlain(counter, MEMORY.getLongVolatile(counter));
    r.r2 = SlotLayout.state(COPY.getLongPlain(word)) == SlotLayout.STATE_EMPTY ? 1 : 0;
    r.r3 = (int) COPY.getLongPlain(counter);
  }
}
