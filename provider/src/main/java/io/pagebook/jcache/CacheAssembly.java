package io.pagebook.jcache;

import io.pagebook.book.BookException;
import io.pagebook.book.BookOptions;
import io.pagebook.book.PageBook;
import io.pagebook.jcache.codec.ClassRules;
import io.pagebook.jcache.codec.RecordCodec;
import io.pagebook.jcache.codec.ValueCodecs;
import io.pagebook.jcache.concurrent.Worker;
import io.pagebook.jcache.event.EventDispatcher;
import io.pagebook.jcache.home.CacheHeader;
import io.pagebook.jcache.integration.ApplicationObjects;
import io.pagebook.jcache.near.NearCache;
import io.pagebook.jcache.settings.CacheConfiguration;
import io.pagebook.jcache.settings.CacheSettings;
import io.pagebook.jcache.settings.NearCacheSettings;
import io.pagebook.jcache.spi.ValueCodec;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Puts a cache together: its customizations, its listeners, its book. If one of them fails, those
 * before it are closed again.
 *
 * @param settings what the manager says about the cache
 * @param loader where the classes of its objects come from
 * @param clock tells when entries expire
 */
record CacheAssembly(CacheSettings settings, ClassLoader loader, InstantSource clock) {
  private static final Logger LOGGER = System.getLogger("io.pagebook.jcache");

  /**
   * The parts of one cache.
   *
   * @param source the cache
   * @throws CacheException if a factory fails, there is no such value codec, the book cannot be
   *     opened or is another cache's, or there is no Caffeine for a near-cache
   */
  <K, V> CacheParts<K, V> parts(
      Cache<K, V> source, String name, CacheConfiguration<K, V> configuration, Path file) {
    EventDispatcher<K, V> events =
        new EventDispatcher<>(source, name, new Worker("pagebook-events-" + name, loader));
    Customizations<K, V> customizations = null;
    PageBook book = null;
    boolean complete = false;
    try {
      customizations = Customizations.create(configuration, name);
      for (CacheEntryListenerConfiguration<K, V> listener :
          configuration.getCacheEntryListenerConfigurations()) {
        events.register(listener);
      }
      ClassRules rules =
          settings.classRules().with(configuration.getKeyType(), configuration.getValueType());
      ValueCodec values =
          ValueCodecs.open(settings.codec(), loader, rules, name, configuration.getValueType());
      book = open(header(name, configuration, values), file);
      CacheParts<K, V> parts =
          new CacheParts<>(
              name,
              configuration,
              book,
              nearCache(name, book, customizations),
              new RecordCodec(loader, rules, values),
              customizations,
              events,
              new Worker("pagebook-loads-" + name, loader),
              clock,
              settings.bookOptions().lockTimeout().toNanos());
      complete = true;
      return parts;
    } finally {
      if (!complete) {
        ApplicationObjects.close(events.customizations());
        if (customizations != null) {
          customizations.close();
        }
        if (book != null) {
          book.close();
        }
      }
    }
  }

  private <V> @Nullable NearCache<V> nearCache(
      String name, PageBook book, Customizations<?, V> customizations) {
    NearCacheSettings near = settings.nearCache();
    if (near == null) {
      return null;
    }
    if (customizations.expiry().listensToAccess()) {
      LOGGER.log(
          Level.WARNING,
          "near-cache is left out, because the expiry policy wants to hear of each read: "
              + "cache={0}, policy={1}; expire entries after their creation or update instead",
          name,
          customizations.expiry().policy().getClass().getName());
      return null;
    }
    try {
      return new NearCache<>(near, book.records(), clock);
    } catch (LinkageError e) {
      throw new CacheException(
          "near-cache needs Caffeine, which is not there: cache="
              + name
              + "; add com.github.ben-manes.caffeine:caffeine to the class path,"
              + " or to the module path if Pagebook is on that, or configure no near-cache",
          e);
    }
  }

  private CacheHeader header(
      String name, CacheConfiguration<?, ?> configuration, @Nullable ValueCodec values) {
    return new CacheHeader(
        name,
        configuration.getKeyType().getName(),
        configuration.getValueType().getName(),
        settings.codec(),
        values == null ? 0 : values.version());
  }

  private PageBook open(CacheHeader header, Path file) {
    PageBook book = null;
    boolean attached = false;
    try {
      book = PageBook.open(file, settings.bookOptions());
      compareBounds(book, header.name());
      header.attach(book.records());
      attached = true;
      return book;
    } catch (BookException | IllegalArgumentException e) {
      throw new CacheException(
          "book of the cache cannot be opened: cache="
              + header.name()
              + ", reason="
              + e.getMessage(),
          e);
    } finally {
      if (!attached && book != null) {
        book.close();
      }
    }
  }

  /** What is configured must be as in the book; what is not is the creator's affair. */
  private void compareBounds(PageBook book, String name) {
    BookOptions options = settings.bookOptions();
    if (settings.pageSizeStated() && options.pageSizeBytes() != book.pageSizeBytes()) {
      throw otherBook("pageSizeBytes", name, options.pageSizeBytes(), book.pageSizeBytes(), book);
    }
    long maximum = options.maximumSizeBytes();
    long wholePages = maximum - maximum % book.pageSizeBytes(); // what the creator makes of it
    if (maximum != 0 && wholePages != book.maximumSizeBytes()) {
      throw otherBook("maximumSizeBytes", name, maximum, bound(book.maximumSizeBytes()), book);
    }
    long entries = CacheSettings.entriesOf(options.maximumEntries());
    long itsEntries = CacheSettings.entriesOf(book.maximumEntries());
    if (entries != 0 && entries != itsEntries) {
      throw otherBook("maximumEntries", name, entries, bound(itsEntries), book);
    }
    if (settings.onFullStated() && options.onFull() != book.onFull()) {
      throw otherBook("onFull", name, options.onFull(), book.onFull(), book);
    }
  }

  private static Object bound(long maximum) {
    return maximum == 0 ? "unbounded" : maximum;
  }

  private static CacheException otherBook(
      String what, String name, Object stated, Object actual, PageBook book) {
    return new CacheException(
        "book was created otherwise: cache="
            + name
            + ", "
            + what
            + "="
            + stated
            + ", its "
            + what
            + "="
            + actual
            + ", file="
            + book.file()
            + "; configure the same in all processes, or nothing, or destroy the cache first");
  }
}
