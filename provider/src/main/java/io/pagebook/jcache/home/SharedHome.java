package io.pagebook.jcache.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import javax.cache.CacheException;

/**
 * A directory that the application names: other managers and processes use it too, and its books
 * stay.
 */
public final class SharedHome implements CacheHome {
  private final Path directory;

  public SharedHome(Path directory) {
    this.directory = directory;
  }

  @Override
  public Path bookFile(String cacheName) {
    try {
      if (!Files.isDirectory(directory)) {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
          throw new CacheException(
              "directory of the books is a file: file="
                  + directory
                  + "; name a directory, which is created where missing, or a document that ends in"
                  + " .xml");
        }
        Files.createDirectories(directory, OwnerOnly.directory(directory));
      }
    } catch (IOException e) {
      throw new CacheException(
          "directory of the books cannot be created: directory=" + directory + ", reason=" + e, e);
    }
    return directory.resolve(BookFileName.of(cacheName));
  }

  @Override
  public boolean isPrivate() {
    return false;
  }

  @Override
  public void close() {
    // others may be using it
  }
}
