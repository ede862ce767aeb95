package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.jcache.shop.Order;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The URIs that name a document, as frameworks hand them over. */
class XmlUriTest extends DocumentTestBase {
  private static final String CACHE = "<private/><cache name=\"c\"/>";

  @Test
  void aFile() {
    PageBookCacheManager manager = open(writeRaw("with blank=.XML", CACHE));

    assertThat(manager.getCacheNames()).containsExactly("c");
    assertThat(open(parent.resolve("with blank=.XML"))).isSameAs(manager);
  }

  @Test
  void anEntryOfAJar() throws IOException {
    URI uri = URI.create("jar:" + jar().toUri() + "!/config/x.xml");

    assertThat(provider.getCacheManager(uri, null).getCacheNames()).containsExactly("c");
  }

  @Test
  void aJarThatIsReplacedIsReadAgain() throws IOException {
    URI uri = URI.create("jar:" + jar().toUri() + "!/config/x.xml");
    provider.getCacheManager(uri, null).close();
    Path other = jar("other.jar", "<private/><cache name=\"d\"/>");
    Files.move(other, parent.resolve("app.jar"), StandardCopyOption.REPLACE_EXISTING);

    assertThat(provider.getCacheManager(uri, null).getCacheNames()).containsExactly("d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "classpath:config/x.xml",
        "classpath:/config/x.xml",
        "classpath://config/x.xml",
        "config/x.xml",
        "/config/x.xml"
      })
  void aResourceOfTheManagersLoader(String uri) throws IOException {
    try (URLClassLoader loader = loaderOf(jar())) {
      PageBookCacheManager manager = provider.getCacheManager(URI.create(uri), loader);

      assertThat(manager.getCacheNames()).containsExactly("c");
      assertThat(manager.getURI()).isEqualTo(URI.create(uri));
      manager.close();
    }
  }

  @Test
  void aResourceOfTheContextLoader() throws IOException {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader loader = loaderOf(jar())) {
      Thread.currentThread().setContextClassLoader(loader);

      assertThat(
              provider.getCacheManager(URI.create("classpath:config/x.xml"), null).getCacheNames())
          .containsExactly("c");
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  @Test
  void itsClassesComeFromTheManagersLoader() throws Exception {
    String shop = Order.class.getPackageName().replace('.', '/');
    Path classes = Path.of(Order.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path document =
        write("x.xml", "<cache name=\"c\" value-type=\"" + Order.class.getName() + "\"/>");
    Path copy = Files.createDirectories(parent.resolve("classes").resolve(shop));
    Files.copy(classes.resolve(shop).resolve("Order.class"), copy.resolve("Order.class"));
    URL[] urls = {parent.resolve("classes").toUri().toURL()};

    try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      PageBookCacheManager manager = provider.getCacheManager(document.toUri(), loader);

      assertThat(manager.getCache("c", Object.class, loader.loadClass(Order.class.getName())))
          .isNotNull();
      manager.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"classpath:missing.xml", "missing.xml"})
  void aMissingResource(String uri) {
    assertThatThrownBy(() -> provider.getCacheManager(URI.create(uri), null))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("not on the class path: file=classpath:missing.xml, classLoader=");
  }

  @Test
  void aMissingFile() {
    Path file = parent.resolve("missing.xml");

    assertThatThrownBy(() -> open(file))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("configuration document is not there: file=" + file);
  }

  @Test
  void aMissingJarOrEntry() throws IOException {
    for (String uri :
        new String[] {
          "jar:" + parent.resolve("no.jar").toUri() + "!/x.xml", "jar:" + jar().toUri() + "!/y.xml"
        }) {
      assertThatThrownBy(() -> provider.getCacheManager(URI.create(uri), null))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("configuration document cannot be read: file=" + uri);
    }
  }

  @Test
  void anUnknownProtocol() {
    assertThatThrownBy(() -> provider.getCacheManager(URI.create("nowhere:/x.xml"), null))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("cannot be read: file=nowhere:/x.xml, reason=")
        .hasMessageContaining("unknown protocol");
  }

  @Test
  void aDirectoryStaysOne() throws IOException {
    Path directory = Files.createDirectory(parent.resolve("books.xml"));

    assertThat(open(directory).getCacheNames()).isEmpty();
    assertThat(provider.getCacheManager(URI.create("file:" + directory), null).getCacheNames())
        .isEmpty();
  }

  @Test
  void aDocumentThatIsTooLarge() {
    Path file = writeRaw("x.xml", CACHE + " ".repeat(1 << 20));

    assertThatThrownBy(() -> open(file))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("too large: maxBytes=1048576, file=" + file);
  }

  private Path jar() throws IOException {
    return jar("app.jar", CACHE);
  }

  private Path jar(String name, String elements) throws IOException {
    Path document = writeRaw("x.xml", elements);
    Path jar = parent.resolve(name);
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(file)) {
      entries.putNextEntry(new JarEntry("config/x.xml"));
      Files.copy(document, entries);
    }
    return jar;
  }

  private static URLClassLoader loaderOf(Path jar) throws IOException {
    return new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
  }
}
