package io.pagebook.book.shard;

/** What a writer that takes no key's stripe asks once it holds the shard's lock. */
@FunctionalInterface
public interface KeyLocks {
  /**
   * Whether somebody holds the stripe of the key with this hash. Whoever takes it later waits for
   * those inside the shard: see {@link Shard#awaitWriter}.
   */
  boolean isHeld(long hash);
}
