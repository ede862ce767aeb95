package io.pagebook.jcache.settings.xml;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * A configuration document as bytes: from a file, the class path, or a URL that needs no network.
 * At most 1 MiB.
 */
public final class XmlDocument {
  private static final int MAX_BYTES = 1 << 20;
  private static final Set<String> REMOTE_PROTOCOLS = Set.of("http", "https", "ftp");

  private final String name;
  private final byte[] bytes;

  private XmlDocument(String name, InputStream input) throws IOException {
    this.name = name;
    bytes = input.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new CacheException(
          "configuration document is too large: maxBytes="
              + MAX_BYTES
              + ", file="
              + name
              + "; use templates, or several managers");
    }
  }

  /**
   * Reads a file.
   *
   * @throws CacheException if it cannot be read
   */
  public static XmlDocument ofFile(Path file) {
    try (InputStream input = Files.newInputStream(file)) {
      return new XmlDocument(file.toString(), input);
    } catch (NoSuchFileException e) {
      throw new CacheException(
          "configuration document is not there: file="
              + file
              + "; create it, or name a directory to configure the caches in code",
          e);
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  /**
   * Reads a resource that {@code loader} or else the context class loader has.
   *
   * @param resource its name; leading slashes do not count
   * @throws CacheException if neither has it
   */
  public static XmlDocument ofResource(String resource, ClassLoader loader) {
    String path = resource.replaceFirst("^/+", "");
    URL url = loader.getResource(path);
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (url == null && context != null) {
      url = context.getResource(path);
    }
    if (url == null) {
      throw new CacheException(
          "configuration document is not on the class path: file=classpath:"
              + path
              + ", classLoader="
              + loader
              + ", contextClassLoader="
              + context
              + "; put it there, or give getCacheManager the class loader that has it");
    }
    return read("classpath:" + path, url);
  }

  /**
   * Reads what a URL names that the JDK, or a container's handler, opens on this machine.
   *
   * @throws CacheException if it cannot be read, or names another machine
   */
  public static XmlDocument ofUrl(URI uri) {
    try {
      URL url = uri.toURL();
      if (isRemote(url)) {
        throw new CacheException(
            "configuration document must lie on this machine: file="
                + uri
                + "; use file:, jar:file: or classpath:");
      }
      return read(uri.toString(), url);
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw unreadable(uri.toString(), e);
    }
  }

  /** The root element, checked against the schema. */
  public Element root() {
    return root(Placeholders.ofProcess());
  }

  Element root(Placeholders placeholders) {
    Element root = new DocumentParser(name, placeholders).parse(bytes);
    SchemaCheck.check(root);
    return root;
  }

  private static XmlDocument read(String name, URL url) {
    try {
      URLConnection connection = url.openConnection();
      connection.setUseCaches(false); // else a jar stays open, and is not seen when replaced
      try (InputStream input = connection.getInputStream()) {
        return new XmlDocument(name, input);
      }
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /**
   * Whether a URL, or the one inside a jar URL, names a host or a protocol of the network. Judged
   * as the JDK parses it, for its text may say {@code url:http:} as well.
   */
  private static boolean isRemote(URL url) throws MalformedURLException {
    URL inner = url;
    while (protocol(inner).equals("jar")) {
      inner = new URL(inner.getFile());
    }
    String protocol = protocol(inner);
    String host = inner.getHost();
    return REMOTE_PROTOCOLS.contains(protocol)
        || (protocol.equals("file") && host != null && !host.isEmpty());
  }

  private static String protocol(URL url) {
    return url.getProtocol().toLowerCase(Locale.ROOT);
  }

  private static CacheException unreadable(String name, @Nullable Exception e) {
    return new CacheException(
        "configuration document cannot be read: file="
            + name
            + ", reason="
            + e
            + "; check its URI and its permissions",
        e);
  }
}
