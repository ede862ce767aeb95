package io.pagebook.jcache.settings;

import io.pagebook.book.BookOptions;
import io.pagebook.jcache.codec.ClassRules;

/**
 * What one cache is made with beyond its JSR-107 configuration.
 *
 * @param bookOptions how its book is opened
 * @param classRules which classes may be deserialised from it
 */
public record CacheSettings(BookOptions bookOptions, ClassRules classRules) {}
