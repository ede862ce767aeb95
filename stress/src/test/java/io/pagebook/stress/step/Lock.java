package io.pagebook.stress.step;

/** What a stopped process can hold. */
enum Lock {
  /** A shard's lock, no change begun. */
  SHARD,
  /** A shard's lock, with a change that is committed and not done with. */
  SHARD_WITH_INTENT,
  /** A shard's lock, with records on their way to another bucket. */
  SHARD_WITH_SPLIT,
  /** The right to let the file grow, the page count not yet raised. */
  GROWTH,
  /** The same, the page count raised. */
  GROWTH_DONE,
  VACUUM,
  /** The book-wide write lock. */
  GATE,
  /** The place of the one who will have the book-wide write lock next: readers stand back. */
  GATE_ANNOUNCED
}
