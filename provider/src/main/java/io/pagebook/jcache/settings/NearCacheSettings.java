package io.pagebook.jcache.settings;

import io.pagebook.jcache.settings.xml.Attribute;
import io.pagebook.jcache.settings.xml.Element;
import org.jspecify.annotations.Nullable;

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

  /** What the element of a cache, or of a template, says; null if there is to be none. */
  static @Nullable NearCacheSettings read(Element cache) {
    Element near = cache.child("near-cache");
    if (near == null || !isTrue(near.attribute("enabled"), true)) {
      return null;
    }
    boolean mayBeIncomplete = cache.name().equals(Templates.ELEMENT);
    Attribute entries =
        mayBeIncomplete ? near.attribute("max-entries") : near.required("max-entries");
    boolean immutable = isTrue(near.attribute("immutable-values"), false);
    if (entries == null) {
      return null;
    }
    int maxEntries = entries.asCount();
    if (maxEntries < 1) {
      throw entries.error("near-cache holds nothing", "use 1 or more, or enabled=\"false\"");
    }
    return new NearCacheSettings(maxEntries, immutable);
  }

  private static boolean isTrue(@Nullable Attribute attribute, boolean otherwise) {
    return attribute == null ? otherwise : attribute.asBoolean();
  }
}
