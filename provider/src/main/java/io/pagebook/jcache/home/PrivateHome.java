package io.pagebook.jcache.home;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A fresh directory in memory where there is a file system of some size for that, made when the
 * first book is, deleted at the end.
 */
public final class PrivateHome implements CacheHome {
  private @Nullable PrivateDirectory directory;
  private boolean closed;

  @Override
  public synchronized Path bookFile(String cacheName) {
    if (closed) {
      throw new IllegalStateException("manager is closed");
    }
    if (directory == null) {
      directory = PrivateDirectory.create();
    }
    return directory.path().resolve(BookFileName.of(cacheName));
  }

  @Override
  public boolean isPrivate() {
    return true;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (directory != null) {
      directory.close();
      directory = null;
    }
  }
}
