package io.pagebook.jcache.settings;

import io.pagebook.book.BookOptions;
import io.pagebook.book.BookOptions.OnFull;
import io.pagebook.jcache.settings.xml.Attribute;
import io.pagebook.jcache.settings.xml.Element;
import io.pagebook.jcache.settings.xml.ValueType;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Reads how a book is opened from the elements of a cache. */
final class BookSettings {
  /** The book's record about the cache, which is no entry, but counts in its bound. */
  static final long OWN_RECORDS = 1;

  private static final Duration LONGEST = Duration.ofDays(36_500);

  private BookOptions options = BookOptions.DEFAULT;

  private BookSettings() {}

  /**
   * Reads the options of a cache, a template or the default.
   *
   * @throws javax.cache.CacheException for the first mistake
   */
  static BookOptions read(Element cache) {
    BookSettings settings = new BookSettings();
    settings.capacity(cache.child("capacity"), cache.name().equals(Templates.ELEMENT));
    settings.book(cache.child("book"));
    settings.durability(cache.child("durability"));
    return settings.options;
  }

  /** Whether the document asks for a page size. */
  static boolean isPageSizeStated(Element cache) {
    Element book = cache.child("book");
    return book != null && book.attribute("page-size") != null;
  }

  /** Whether the document says what a full book does. */
  static boolean isOnFullStated(Element cache) {
    Element capacity = cache.child("capacity");
    return capacity != null && capacity.attribute("on-full") != null;
  }

  /** Only a template may leave out the bound that evicting needs: its heirs have it. */
  private void capacity(@Nullable Element capacity, boolean mayBeIncomplete) {
    if (capacity == null) {
      return;
    }
    Attribute maxSize = capacity.attribute("max-size");
    Attribute maxEntries = capacity.attribute("max-entries");
    set(
        maxSize,
        (before, value) -> before.withMaximumSizeBytes(positive(value, value.asSizeBytes())));
    set(
        maxEntries,
        (before, value) ->
            before.withMaximumEntries(positive(value, value.asCount()) + OWN_RECORDS));
    if (maxSize != null || maxEntries != null || !mayBeIncomplete) {
      set(
          capacity.attribute("on-full"), // last: it asks for one of the bounds
          (before, value) -> before.withOnFull(onFull(value)));
    }
  }

  private static OnFull onFull(Attribute attribute) {
    return switch (attribute.value()) {
      case "fail" -> OnFull.FAIL;
      case "evict" -> OnFull.EVICT;
      default -> throw attribute.invalid(ValueType.ON_FULL); // ${...}, taken literally
    };
  }

  private static long positive(Attribute attribute, long bound) {
    if (bound == 0) {
      throw attribute.error("bound lets nothing in", "use 1 or more, or leave it out for no bound");
    }
    return bound;
  }

  private void book(@Nullable Element book) {
    if (book == null) {
      return;
    }
    set(
        book.attribute("page-size"),
        (before, value) ->
            before.withPageSizeBytes((int) Math.min(Integer.MAX_VALUE, value.asSizeBytes())));
    set(
        book.attribute("initial-size"),
        (before, value) -> before.withInitialSizeBytes(value.asSizeBytes()));
    set(book.attribute("shards"), (before, value) -> before.withShards(value.asCount()));
    set(
        book.attribute("verify-checksums"),
        (before, value) -> before.withVerifyChecksums(value.asBoolean()));
    set(book.attribute("lock-timeout"), (before, value) -> before.withLockTimeout(inNanos(value)));
  }

  private void durability(@Nullable Element durability) {
    if (durability != null) {
      set(
          durability.required("force"),
          (before, value) -> before.withForceInterval(forceInterval(value)));
    }
  }

  private static @Nullable Duration forceInterval(Attribute force) {
    return switch (force.value()) {
      case "never" -> null;
      case "every-write" -> Duration.ZERO;
      default -> {
        Duration interval = inNanos(force);
        if (interval.isZero()) {
          throw force.invalid(ValueType.FORCE);
        }
        yield interval;
      }
    };
  }

  /** A duration that can be waited for, which is done in nanoseconds. */
  private static Duration inNanos(Attribute attribute) {
    Duration duration = attribute.asDuration();
    if (duration.compareTo(LONGEST) > 0) {
      throw attribute.error("duration is out of range", "use at most " + LONGEST.toDays() + "d");
    }
    return duration;
  }

  private void set(
      @Nullable Attribute attribute, BiFunction<BookOptions, Attribute, BookOptions> setter) {
    if (attribute != null) {
      try {
        options = setter.apply(options, attribute);
      } catch (IllegalArgumentException e) { // what BookOptions says
        String reason = String.valueOf(e.getMessage());
        throw attribute.error("value is out of range", reason.replaceFirst(": [^:]*$", ""), e);
      }
    }
  }
}
