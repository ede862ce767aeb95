package io.pagebook.jcache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Managers whose caches all have a near-cache. */
final class NearManagers {
  private NearManagers() {}

  /** One with room for more than any of the tests puts. */
  static PageBookCacheManager create(PageBookCachingProvider provider, Path directory) {
    return create(provider, directory, 10_000, false);
  }

  static PageBookCacheManager create(
      PageBookCachingProvider provider, Path directory, int maxEntries, boolean immutableValues) {
    try {
      Path file = Files.createTempFile(directory, "near", ".xml");
      Files.writeString(
          file,
          String.format(
              Locale.ROOT,
              """
              <pagebook xmlns="urn:pagebook:config:1">
                <directory path="%s"/>
                <allow class="io.pagebook.jcache.**"/>
                <default-cache>
                  <near-cache max-entries="%s" immutable-values="%s"/>
                </default-cache>
              </pagebook>
              """,
              directory,
              maxEntries,
              immutableValues));
      return provider.getCacheManager(file.toUri(), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
