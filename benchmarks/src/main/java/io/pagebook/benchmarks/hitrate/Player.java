package io.pagebook.benchmarks.hitrate;

/** A cache that a trace is played to: each key is looked up, and stored if it was missed. */
interface Player extends AutoCloseable {
  /** Whether the key was there; it is afterwards, unless it was not let in. */
  boolean access(int key);

  @Override
  default void close() {}
}
