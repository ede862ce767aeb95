package io.pagebook.stress.history;

import java.util.List;
import java.util.SplittableRandom;

/**
 * What an operation of JCache does to one key, as the sequential specification: the value before,
 * the value after, and the result. Values are numbers, {@link #ABSENT} for none; results are values
 * or 0 and 1 for false and true.
 */
enum Kind {
  GET(false, true),
  CONTAINS(false, false),
  PUT(true, false),
  PUT_IF_ABSENT(true, false),
  GET_AND_PUT(true, true),
  REPLACE(true, false),
  REPLACE_IF(true, false),
  GET_AND_REPLACE(true, true),
  REMOVE(true, false),
  REMOVE_IF(true, false),
  GET_AND_REMOVE(true, true),

  /** An entry processor that returns the value it finds and sets another. */
  PROCESS(true, true);

  static final long ABSENT = 0;

  private static final List<Kind> ALL = List.of(values());

  private final boolean writes;
  private final boolean returnsValue;

  Kind(boolean writes, boolean returnsValue) {
    this.writes = writes;
    this.returnsValue = returnsValue;
  }

  static Kind any(SplittableRandom random) {
    return ALL.get(random.nextInt(ALL.size()));
  }

  /** Whether it may change the key. */
  boolean writes() {
    return writes;
  }

  /** What it returns if it finds {@code before}. */
  long result(long before, long expected) {
    if (returnsValue) {
      return before;
    }
    return switch (this) {
      case CONTAINS, REPLACE, REMOVE -> before != ABSENT ? 1 : 0;
      case PUT_IF_ABSENT -> before == ABSENT ? 1 : 0;
      case REPLACE_IF, REMOVE_IF -> before == expected ? 1 : 0;
      default -> 0;
    };
  }

  /** What it leaves if it finds {@code before}. */
  long after(long before, long argument, long expected) {
    return switch (this) {
      case GET, CONTAINS -> before;
      case PUT, GET_AND_PUT, PROCESS -> argument;
      case PUT_IF_ABSENT -> before == ABSENT ? argument : before;
      case REPLACE, GET_AND_REPLACE -> before != ABSENT ? argument : ABSENT;
      case REPLACE_IF -> before == expected ? argument : before;
      case REMOVE, GET_AND_REMOVE -> ABSENT;
      case REMOVE_IF -> before == expected ? ABSENT : before;
    };
  }
}
