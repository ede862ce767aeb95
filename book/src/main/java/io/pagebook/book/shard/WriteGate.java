package io.pagebook.book.shard;

/** What a writer asks once it holds a shard's lock: may it write now? */
@FunctionalInterface
public interface WriteGate {
  /** The answers. */
  enum Answer {
    /** Go on. */
    OPEN,
    /** Another thread holds the book-wide lock: let go of the shard and wait. */
    SHUT,
    /** The book is served from another file by now, or no longer: let go of the shard and look. */
    MOVED
  }

  Answer ask();
}
