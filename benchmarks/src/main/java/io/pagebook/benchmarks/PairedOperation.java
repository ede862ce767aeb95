package io.pagebook.benchmarks;

import java.util.Locale;

/**
 * What a {@link Contestant} can run slices of; the constants' names in lower case are arguments.
 */
enum PairedOperation {
  GET,
  /** A get of a key that is not there. */
  MISS,
  /** Replacing. */
  PUT,
  /** 95 % gets, 5 % puts. */
  MIXED,
  /** Reading, changing and writing in one atomic step. */
  UPDATE,
  /** Puts of new keys into a store that grows, and is made anew when it is full. */
  LOAD;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
