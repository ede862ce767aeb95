package io.pagebook.benchmarks;

/**
 * What a {@link Contestant} can run slices of; the constants' names in lower case are arguments.
 */
enum PairedOperation {
  GET,
  PUT,
  MIXED;

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
