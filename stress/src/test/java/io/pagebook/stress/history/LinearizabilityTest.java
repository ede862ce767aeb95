package io.pagebook.stress.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The checker accepts what an atomic register can do, and nothing else. */
final class LinearizabilityTest {
  private static final long NEVER = Operation.NEVER;
  private static final int VALUES = 4;

  private final List<Operation> history = new ArrayList<>();

  private LinearizabilityTest op(Kind kind, long argument, long result, long begin, long end) {
    history.add(new Operation(history.size(), kind, 1, argument, 0, result, begin, end));
    return this;
  }

  private LinearizabilityTest put(long value, long begin, long end) {
    return op(Kind.PUT, value, 0, begin, end);
  }

  private LinearizabilityTest get(long result, long begin, long end) {
    return op(Kind.GET, 0, result, begin, end);
  }

  private void accepted() {
    assertThat(Linearizability.violation(history)).isEmpty();
  }

  private void rejected() {
    assertThat(Linearizability.violation(history)).isPresent();
  }

  @Test
  void readAfterWrite() {
    put(1, 0, 1).get(1, 2, 3).accepted();
  }

  @Test
  void staleRead() {
    put(1, 0, 1).put(2, 2, 3).get(1, 4, 5).rejected();
  }

  @Test
  void readDuringAWriteMaySeeEither() {
    put(1, 0, 1).put(2, 2, 9).get(1, 3, 4).get(2, 5, 6).accepted();
  }

  @Test
  void readThatGoesBackInTime() {
    put(1, 0, 1).put(2, 2, 9).get(2, 3, 4).get(1, 5, 6).rejected();
  }

  @Test
  void valueThatNobodyWrote() {
    put(1, 0, 1).get(7, 2, 3).rejected();
  }

  @Test
  void tornRead() {
    put(1, 0, 1).put(2, 2, 9).get(HistoryValue.TORN, 3, 4).rejected();
  }

  @Test
  void valueReadBeforeItWasWritten() {
    get(1, 0, 1).put(1, 2, 3).rejected();
  }

  @Test
  void lostValue() {
    put(1, 0, 1).get(Kind.ABSENT, 2, 3).rejected();
  }

  @Test
  void resurrectedValue() {
    put(1, 0, 1).op(Kind.REMOVE, 0, 1, 2, 3).get(1, 4, 5).rejected();
  }

  @Test
  void lostUpdate() {
    // both found 1, so one of them has overwritten the other's
    put(1, 0, 1).op(Kind.PROCESS, 2, 1, 2, 8).op(Kind.PROCESS, 3, 1, 3, 9).rejected();
  }

  @Test
  void twoUpdatesInARow() {
    put(1, 0, 1)
        .op(Kind.PROCESS, 2, 1, 2, 8)
        .op(Kind.PROCESS, 3, 2, 3, 9)
        .get(3, 10, 11)
        .accepted();
  }

  @Test
  void twoWinnersOfAnAdd() {
    op(Kind.PUT_IF_ABSENT, 1, 1, 0, 5).op(Kind.PUT_IF_ABSENT, 2, 1, 1, 6).rejected();
  }

  @Test
  void conditionThatCannotHaveHeld() {
    put(1, 0, 1).put(2, 2, 3);
    history.add(new Operation(9, Kind.REPLACE_IF, 1, 3, 1, 1, 4, 5));
    rejected();
  }

  @Test
  void cutOffWriteMayHaveHappened() {
    put(1, 0, 1).put(2, 2, NEVER).get(2, 3, 4).accepted();
  }

  @Test
  void cutOffWriteMayHaveHappenedNot() {
    put(1, 0, 1).put(2, 2, NEVER).get(1, 3, 4).accepted();
  }

  @Test
  void cutOffWriteMayHappenLate() {
    put(1, 0, 1).put(2, 2, NEVER).get(1, 3, 4).get(2, 5, 6).accepted();
  }

  @Test
  void cutOffWriteHappensOnce() {
    put(1, 0, 1).put(2, 2, NEVER).get(2, 3, 4).put(3, 5, 6).get(2, 7, 8).rejected();
  }

  @Test
  void cutOffWriteIsNotUndone() {
    put(1, 0, 1).put(2, 2, NEVER).get(2, 3, 4).get(1, 5, 6).rejected();
  }

  @Test
  void cutOffRemoveExplainsAMiss() {
    put(1, 0, 1).op(Kind.REMOVE, 0, 0, 2, NEVER).get(Kind.ABSENT, 3, 4).accepted();
  }

  @Test
  void manyCutOffWritesAreNoTrouble() {
    for (int i = 0; i < 40; i++) {
      put(100 + i, 0, NEVER);
    }
    for (int i = 0; i < 200; i++) {
      put(1 + i % 7, 10 + 10 * i, 15 + 10 * i).get(1 + i % 7, 16 + 10 * i, 18 + 10 * i);
    }
    accepted();
    get(Kind.ABSENT, 100_000, 100_001).rejected();
  }

  /** What really happened one after the other, with begins and ends drawn around it. */
  @Test
  void whatAnAtomicRegisterDidIsAccepted() {
    SplittableRandom random = Seeds.random("whatAnAtomicRegisterDidIsAccepted");
    for (int round = 0; round < 60; round++) {
      List<Operation> operations = simulated(random, 200);
      assertThat(Linearizability.violation(operations)).isEmpty();
    }
  }

  /** A value that is only ever written once, read after it was overwritten for certain. */
  @Test
  void staleReadInALongHistoryIsRejected() {
    SplittableRandom random = Seeds.random("staleReadInALongHistoryIsRejected");
    for (int round = 0; round < 60; round++) {
      List<Operation> operations = simulated(random, 100);
      long last =
          operations.stream()
              .filter(o -> !o.isPending())
              .mapToLong(Operation::end)
              .max()
              .getAsLong();
      operations.add(new Operation(-1, Kind.PUT, 1, 1_000_000, 0, 0, last + 1, last + 2));
      operations.add(new Operation(-1, Kind.PUT, 1, 1_000_001, 0, 0, last + 3, last + 4));
      assertThat(Linearizability.violation(operations)).isEmpty();
      operations.add(new Operation(-2, Kind.GET, 1, 0, 0, 1_000_000, last + 5, last + 6));
      assertThat(Linearizability.violation(operations)).isPresent();
    }
  }

  private static List<Operation> simulated(SplittableRandom random, int count) {
    List<Operation> operations = new ArrayList<>();
    long state = Kind.ABSENT;
    for (int i = 0; i < count; i++) {
      Kind kind = Kind.any(random);
      long expected =
          random.nextBoolean() && state != Kind.ABSENT ? state : 1 + random.nextInt(count);
      long moment = 10L * i;
      boolean pending = random.nextInt(30) == 0;
      long result = kind.result(state, expected);
      if (!pending || random.nextBoolean()) {
        state = kind.after(state, i + 1, expected);
      }
      operations.add(
          new Operation(
              i % 5,
              kind,
              1,
              i + 1,
              expected,
              pending ? 0 : result,
              moment - random.nextInt(60),
              pending ? NEVER : moment + random.nextInt(60)));
    }
    return operations;
  }

  /** On short histories of any kind it says what trying all orders says. */
  @Test
  void agreesWithTryingAllOrders() {
    SplittableRandom random = Seeds.random("agreesWithTryingAllOrders");
    int legal = 0;
    int rounds = 5_000;
    for (int round = 0; round < rounds; round++) {
      List<Operation> operations = new ArrayList<>();
      int count = 1 + random.nextInt(6);
      for (int i = 0; i < count; i++) {
        long begin = random.nextInt(12);
        Kind kind = Kind.any(random);
        long any = random.nextInt(VALUES);
        operations.add(
            new Operation(
                i,
                kind,
                1,
                1 + random.nextInt(VALUES - 1),
                1 + random.nextInt(VALUES - 1),
                kind.result(any, any) == any ? any : random.nextInt(2),
                begin,
                random.nextInt(6) == 0 ? NEVER : begin + random.nextInt(6)));
      }
      boolean explained = tryAll(operations, Kind.ABSENT);
      legal += explained ? 1 : 0;
      assertThat(Linearizability.violation(operations).isEmpty())
          .as("explained: %s", operations)
          .isEqualTo(explained);
    }
    System.out.println("histories that an order explains: " + legal + " of " + rounds);
    assertThat(legal).isBetween(rounds / 20, rounds - rounds / 20);
  }

  private static boolean tryAll(List<Operation> left, long state) {
    if (left.stream().allMatch(Operation::isPending)) {
      return true;
    }
    for (int i = 0; i < left.size(); i++) {
      Operation next = left.get(i);
      boolean first =
          left.stream().allMatch(other -> other.equals(next) || other.end() >= next.begin());
      if (first && next.allows(state)) {
        List<Operation> rest = new ArrayList<>(left);
        rest.remove(i);
        if (tryAll(rest, next.after(state))) {
          return true;
        }
      }
    }
    return false;
  }
}
