package io.pagebook.jcache.settings;

import io.pagebook.book.BookOptions;
import io.pagebook.jcache.codec.ClassRules;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * What a manager is made with, as its URI and its properties say.
 *
 * @param directory where the books lie and stay; null means a private directory that goes with the
 *     manager
 * @param caches what its caches are made with, unless one of them is configured otherwise
 */
public record ManagerSettings(@Nullable Path directory, CacheSettings caches) {
  /**
   * The property, of a manager or of the JVM, that adds classes to those that shared books may
   * hold.
   */
  public static final String ALLOW_PROPERTY = "io.pagebook.jcache.allow";

  /** The system property that names the URI of managers for which none is given. */
  public static final String URI_PROPERTY = "io.pagebook.jcache.uri";

  private static final String PRIVATE_SCHEME = "pagebook";
  private static final String FILE_SCHEME = "file";
  private static final String XML_SUFFIX = ".xml";

  /** A manager of its own, in memory, gone when closed. */
  private static final String PRIVATE_URI = PRIVATE_SCHEME + ":private";

  /**
   * The URI of managers for which none is given.
   *
   * @throws CacheException if the system property for it is no URI
   */
  public static URI defaultUri() {
    String text = System.getProperty(URI_PROPERTY, PRIVATE_URI);
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new CacheException(
          "system property is no URI: property=" + URI_PROPERTY + ", reason=" + e.getMessage(), e);
    }
  }

  /**
   * Reads a manager's URI and properties.
   *
   * @throws CacheException if the URI or a property means nothing here
   */
  public static ManagerSettings of(URI uri, Properties properties) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case PRIVATE_SCHEME ->
          new ManagerSettings(null, new CacheSettings(BookOptions.DEFAULT, ClassRules.ANY));
      case FILE_SCHEME ->
          new ManagerSettings(
              directory(uri), new CacheSettings(BookOptions.DEFAULT, classRules(properties)));
      default -> throw refused(uri, null);
    };
  }

  /** What the cache of a name is made with. */
  public CacheSettings cache(String name) {
    return caches;
  }

  private static Path directory(URI uri) {
    Path path;
    try {
      path = Path.of(uri);
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      throw refused(uri, e);
    }
    if (path.toString().toLowerCase(Locale.ROOT).endsWith(XML_SUFFIX)
        && !String.valueOf(uri.getPath()).endsWith("/")) {
      throw new CacheException(
          "XML configuration is not supported: uri="
              + uri
              + "; use the URI of a directory and configure the caches in code");
    }
    return path;
  }

  private static ClassRules classRules(Properties properties) {
    String patterns =
        properties.getProperty(ALLOW_PROPERTY, System.getProperty(ALLOW_PROPERTY, ""));
    List<String> list = Stream.of(patterns.split("[,;\\s]+")).filter(p -> !p.isEmpty()).toList();
    try {
      return ClassRules.allowing(list);
    } catch (IllegalArgumentException e) {
      throw new CacheException(e.getMessage() + ": property=" + ALLOW_PROPERTY, e);
    }
  }

  private static CacheException refused(URI uri, @Nullable Exception cause) {
    return new CacheException(
        "manager URI is not understood: uri="
            + uri
            + "; use "
            + PRIVATE_URI
            + " for private caches, or file:///absolute/directory/ for shared ones",
        cause);
  }
}
