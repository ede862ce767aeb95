package io.pagebook.stress.history;

/**
 * An operation that was seen from outside.
 *
 * @param client who called it, for messages
 * @param kind what it does
 * @param key on which key
 * @param argument the value to write
 * @param expected the value that a conditional operation expects; never absent
 * @param result what it returned; undefined if it is {@linkplain #isPending pending}
 * @param begin a moment before the call, by a clock that all clients share
 * @param end a moment after the return, {@link #NEVER} if it was cut off
 */
record Operation(
    int client,
    Kind kind,
    int key,
    long argument,
    long expected,
    long result,
    long begin,
    long end) {
  static final long NEVER = Long.MAX_VALUE;

  /** Whether it was cut off: it may have happened at any time since, or may happen, or never. */
  boolean isPending() {
    return end == NEVER;
  }

  /** Whether it may have found {@code before}. */
  boolean allows(long before) {
    return isPending() || result == kind.result(before, expected);
  }

  long after(long before) {
    return kind.after(before, argument, expected);
  }
}
