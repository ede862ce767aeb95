package io.pagebook.book.shard;

/** Takes what a shard says it uses. */
public interface ExtentClaims {
  /**
   * The shard uses {@code pages} pages from {@code first} on, for the given kind of {@link
   * io.pagebook.book.layout.PageMapWord}.
   */
  void claim(long first, int pages, int kind, int shard, Violations violations);
}
