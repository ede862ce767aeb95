package io.pagebook.jcache.home;

import java.nio.file.Path;

/** Where the books of one manager lie. Thread-safe. */
public sealed interface CacheHome permits SharedHome, PrivateHome {
  /**
   * The file of a cache's book, in a directory that exists.
   *
   * @throws javax.cache.CacheException if the directory cannot be made
   */
  Path bookFile(String cacheName);

  /** Whether a cache's book goes when the cache is closed, because nobody else can attach to it. */
  boolean isPrivate();

  /** Lets go of the directory; deletes it if it is private. */
  void close();
}
