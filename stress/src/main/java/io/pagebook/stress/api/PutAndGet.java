package io.pagebook.stress.api;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A read returns a whole value, and never an older one than the read before. */
@JCStressTest
@Description("A value is replaced while another thread reads it twice.")
@Outcome(
    id = {"1, 1", "1, 2", "2, 2"},
    expect = ACCEPTABLE,
    desc = "old or new, in this order")
@Outcome(id = "2, 1", expect = FORBIDDEN, desc = "back in time")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "torn, or a miss of a key that is never absent")
@State
public class PutAndGet {

  private final int key = OneBook.keyOf(1);

  @Actor
  public void writer() {
    OneBook.BOOK.putBytes(key, OneBook.value(2));
  }

  @Actor
  public void reader(II_Result r) {
    r.r1 = OneBook.get(key);
    r.r2 = OneBook.get(key);
  }
}
