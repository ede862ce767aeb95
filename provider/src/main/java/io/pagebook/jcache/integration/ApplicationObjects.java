package io.pagebook.jcache.integration;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import javax.cache.CacheException;
import javax.cache.configuration.Factory;
import org.jspecify.annotations.Nullable;

/** Makes and closes what an application brings along: policies, loaders, writers, listeners. */
public final class ApplicationObjects {
  private static final Logger LOGGER = System.getLogger("io.pagebook.jcache");

  private ApplicationObjects() {}

  /**
   * What a factory makes.
   *
   * @param kind what that is to be, as a message names it
   * @throws CacheException if the factory fails, or makes nothing
   */
  public static <T> T create(Factory<? extends T> factory, String kind, String cacheName) {
    @Nullable T object;
    try {
      object = factory.create();
    } catch (RuntimeException e) {
      throw new CacheException(
          kind
              + " cannot be made: cache="
              + cacheName
              + ", reason="
              + (e instanceof CacheException ? e.getMessage() : e)
              + "; its factory has to succeed",
          e);
    }
    if (object == null) {
      throw new CacheException(
          kind
              + " is null: cache="
              + cacheName
              + ", factory="
              + factory.getClass().getName()
              + "; let the factory make one, or configure no factory");
    }
    return object;
  }

  /** Closes the closeable ones of some objects; what they throw is logged. */
  public static void close(List<?> objects) {
    for (Object object : objects) {
      if (object instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        } catch (Exception e) {
          LOGGER.log(
              Level.WARNING,
              "customization cannot be closed: class=" + object.getClass().getName(),
              e);
        }
      }
    }
  }
}
