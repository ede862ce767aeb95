package io.pagebook.jcache.settings;

import io.pagebook.jcache.codec.ClassRules;
import io.pagebook.jcache.codec.ValueCodecs;
import io.pagebook.jcache.settings.xml.XmlDocument;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * What a manager is made with, as its URI, the document there, and its properties say.
 *
 * @param directory where the books lie and stay; null means a private directory that goes with the
 *     manager
 * @param defaults what caches are made with that {@code caches} does not have
 * @param caches those that exist as soon as the manager does, by name, in the order to be made in
 * @param acceptsByReference whether a cache may be configured to store by reference; it stores by
 *     value all the same
 */
public record ManagerSettings(
    @Nullable Path directory,
    CacheSettings defaults,
    Map<String, NamedCache> caches,
    boolean acceptsByReference) {
  /**
   * The property, of a manager or of the JVM, that adds classes to those that shared books may
   * hold.
   */
  public static final String ALLOW_PROPERTY = "io.pagebook.jcache.allow";

  /**
   * The property, of a manager or of the JVM, that names the value codec of its caches, unless a
   * document says otherwise.
   */
  public static final String CODEC_PROPERTY = "io.pagebook.jcache.codec";

  /** The system property that names the URI of managers for which none is given. */
  public static final String URI_PROPERTY = "io.pagebook.jcache.uri";

  private static final String PRIVATE_SCHEME = "pagebook";
  private static final String FILE_SCHEME = "file";
  private static final String CLASS_PATH_SCHEME = "classpath";
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
   * Reads a manager's URI, its properties, and the document that the URI names, if it does.
   *
   * @param loader where a document on the class path, and the classes that it names, come from
   * @throws CacheException if the URI or a property means nothing here, or for the first mistake in
   *     the document
   */
  public static ManagerSettings of(URI uri, ClassLoader loader, Properties properties) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    String codec = property(properties, CODEC_PROPERTY, ValueCodecs.JAVA);
    if (scheme.equals(PRIVATE_SCHEME)) {
      checkPrivate(uri);
      return new ManagerSettings(
          null, CacheSettings.ofDefaults(ClassRules.ANY, codec), Map.of(), false);
    }
    List<String> allowed = allowed(properties);
    XmlDocument document = document(uri, scheme, loader);
    if (document != null) {
      return DocumentSettings.read(document.root(), loader, allowed, codec);
    }
    if (!scheme.equals(FILE_SCHEME)) {
      throw refused(uri, null);
    }
    ClassRules rules = ClassRules.allowing(allowed);
    return new ManagerSettings(path(uri), CacheSettings.ofDefaults(rules, codec), Map.of(), false);
  }

  /** Refuses what looks like a place, and so is not meant to be private. */
  private static void checkPrivate(URI uri) {
    if (uri.getSchemeSpecificPart().indexOf('/') >= 0 || mayNameDocument(uri)) {
      throw refused(uri, null);
    }
  }

  /** Whether a URI ends as that of an XML document; a directory's may, too. */
  public static boolean mayNameDocument(URI uri) {
    return uri.toString().toLowerCase(Locale.ROOT).endsWith(XML_SUFFIX);
  }

  /** What the cache of a name is made with. */
  public CacheSettings cache(String name) {
    NamedCache cache = caches.get(name);
    return cache == null ? defaults : cache.settings();
  }

  /** The document that a URI names; null if it names none. */
  private static @Nullable XmlDocument document(URI uri, String scheme, ClassLoader loader) {
    if (scheme.equals(CLASS_PATH_SCHEME)) {
      return XmlDocument.ofResource(uri.getSchemeSpecificPart(), loader);
    }
    if (!mayNameDocument(uri)) {
      return null;
    }
    if (uri.getScheme() == null) { // Hibernate passes on whatever its property says
      return XmlDocument.ofResource(uri.getPath(), loader);
    }
    if (scheme.equals(FILE_SCHEME)) {
      Path path = path(uri);
      return Files.isDirectory(path) ? null : XmlDocument.ofFile(path);
    }
    return XmlDocument.ofUrl(uri);
  }

  private static Path path(URI uri) {
    try {
      return Path.of(uri);
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      throw refused(uri, e);
    }
  }

  private static String property(Properties properties, String name, String otherwise) {
    return properties.getProperty(name, System.getProperty(name, otherwise));
  }

  /** The patterns of classes that the property allows. */
  private static List<String> allowed(Properties properties) {
    String patterns = property(properties, ALLOW_PROPERTY, "");
    List<String> list = Stream.of(patterns.split("[,;\\s]+")).filter(p -> !p.isEmpty()).toList();
    try {
      ClassRules.allowing(list);
    } catch (IllegalArgumentException e) {
      throw new CacheException(e.getMessage() + ": property=" + ALLOW_PROPERTY, e);
    }
    return list;
  }

  private static CacheException refused(URI uri, @Nullable Exception cause) {
    return new CacheException(
        "manager URI is not understood: uri="
            + uri
            + "; use "
            + PRIVATE_URI
            + " for private caches, file:///absolute/directory/ for shared ones, or the file:, jar:"
            + " or classpath: URI of an XML document",
        cause);
  }
}
