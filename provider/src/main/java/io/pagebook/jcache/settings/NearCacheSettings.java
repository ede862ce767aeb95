package io.pagebook.jcache.settings;

/**
 * That a cache keeps values at hand in the heap of this JVM, as objects, and how many. Reads stay
 * as fresh as those of the book.
 *
 * @param maxEntries how many at most, at least 1
 * @param immutableValues whether nobody ever changes an object that was put into the cache or came
 *     out of it, so that all readers may share it. If not, only values of classes that are known to
 *     be immutable are kept: strings, enums, numbers, {@code UUID}, {@code java.time}
 */
public record NearCacheSettings(long maxEntries, boolean immutableValues) {
  public NearCacheSettings {
    if (maxEntries < 1) {
      throw new IllegalArgumentException(
          "a near-cache must hold at least one entry: maxEntries="
              + maxEntries
              + "; leave it out to have none");
    }
  }
}
