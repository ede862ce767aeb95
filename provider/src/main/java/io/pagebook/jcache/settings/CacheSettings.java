package io.pagebook.jcache.settings;

import io.pagebook.book.BookOptions;
import io.pagebook.jcache.codec.ClassRules;
import org.jspecify.annotations.Nullable;

/**
 * What one cache is made with beyond its JSR-107 configuration.
 *
 * @param bookOptions how its book is opened
 * @param pageSizeStated whether somebody asked for that page size, so that a book with another one
 *     is refused
 * @param onFullStated whether somebody said what a full book does, so that a book that does
 *     otherwise is refused
 * @param classRules which classes may be deserialised from it
 * @param codec the name of its value codec
 * @param nearCache what it keeps in the heap; null means nothing
 */
public record CacheSettings(
    BookOptions bookOptions,
    boolean pageSizeStated,
    boolean onFullStated,
    ClassRules classRules,
    String codec,
    @Nullable NearCacheSettings nearCache) {

  /** Of a book's bound on its records, those that are for the cache's entries; 0 for no bound. */
  public static long entriesOf(long maximumRecords) {
    return maximumRecords == 0 ? 0 : maximumRecords - BookSettings.OWN_RECORDS;
  }

  /** Those of a cache that is configured nowhere but in code. */
  public static CacheSettings ofDefaults(ClassRules classRules, String codec) {
    return new CacheSettings(BookOptions.DEFAULT, false, false, classRules, codec, null);
  }
}
