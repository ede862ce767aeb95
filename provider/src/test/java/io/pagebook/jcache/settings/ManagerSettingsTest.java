package io.pagebook.jcache.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.BookOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagerSettingsTest {
  private static final ClassLoader LOADER = ManagerSettingsTest.class.getClassLoader();

  @Test
  void theDefaultIsPrivate() {
    assertThat(settings("pagebook:private").directory()).isNull();
    assertThat(settings("pagebook:of-the-shop").directory()).isNull();
    assertThat(ManagerSettings.defaultUri()).isEqualTo(URI.create("pagebook:private"));
  }

  @Test
  void aFileUriNamesADirectory() {
    assertThat(settings("file:///var/caches/").directory()).isEqualTo(Path.of("/var/caches"));
    assertThat(settings("file:/var/caches").directory()).isEqualTo(Path.of("/var/caches"));
    assertThat(settings("file:///var/with%20blank").directory())
        .isEqualTo(Path.of("/var/with blank"));
    assertThat(settings("file:///var/caches.xml/").directory())
        .isEqualTo(Path.of("/var/caches.xml"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://host/x",
        "name",
        "file:relative",
        "file://host/x",
        "file:///x?a=b",
        "jar:file:///x.jar!/y",
        "pagebook:/var/cache/shop",
        "pagebook://shop",
        "pagebook:caches/shop",
        "pagebook:caches.xml",
        "pagebook:Caches.XML"
      })
  void otherUrisAreRefused(String uri) {
    assertThatThrownBy(() -> settings(uri))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("uri=" + uri);
  }

  @Test
  void aWrongPatternIsRefused() {
    Properties properties = new Properties();
    properties.setProperty(ManagerSettings.ALLOW_PROPERTY, "com.acme.**, 5");

    assertThatThrownBy(() -> ManagerSettings.of(URI.create("file:///x"), LOADER, properties))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("pattern=5")
        .hasMessageContaining(ManagerSettings.ALLOW_PROPERTY);
  }

  @Test
  void aDocumentSaysHowBooksAreOpened(@TempDir Path directory) throws IOException {
    BookOptions options =
        document(
                directory,
                "<cache name='c'><capacity max-size='1MiB' max-entries='99' on-full='evict'/>"
                    + "<book page-size='8KiB' initial-size='256KiB' shards='16'"
                    + " verify-checksums='false' lock-timeout='3s'/>"
                    + "<durability force='30s'/></cache>")
            .cache("c")
            .bookOptions();

    assertThat(options)
        .isEqualTo(
            BookOptions.DEFAULT
                .withMaximumSizeBytes(1 << 20)
                .withMaximumEntries(99 + 1) // and the one about the cache
                .withOnFull(BookOptions.OnFull.EVICT)
                .withPageSizeBytes(8192)
                .withInitialSizeBytes(256 << 10)
                .withShards(16)
                .withVerifyChecksums(false)
                .withLockTimeout(Duration.ofSeconds(3))
                .withForceInterval(Duration.ofSeconds(30)));
  }

  @Test
  void everyWriteMayBeForced(@TempDir Path directory) throws IOException {
    ManagerSettings settings =
        document(
            directory,
            "<cache name='always'><durability force='every-write'/></cache>"
                + "<cache name='never'><durability force='never'/></cache>");

    assertThat(settings.cache("always").bookOptions().forceInterval()).isEqualTo(Duration.ZERO);
    assertThat(settings.cache("never").bookOptions()).isEqualTo(BookOptions.DEFAULT);
  }

  @Test
  void theDefaultMayHaveATemplate(@TempDir Path directory) throws IOException {
    ManagerSettings settings =
        document(
            directory,
            "<template name='t'><book shards='4'/><near-cache max-entries='7'/></template>"
                + "<default-cache template='t'><capacity max-size='1MiB'/></default-cache>");

    assertThat(settings.defaults().bookOptions())
        .isEqualTo(BookOptions.DEFAULT.withShards(4).withMaximumSizeBytes(1 << 20));
    assertThat(settings.cache("of no name in the document").nearCache())
        .isEqualTo(new NearCacheSettings(7, false));
  }

  @Test
  void aTemplateMayLeaveTheBoundToItsHeirs(@TempDir Path directory) throws IOException {
    ManagerSettings settings =
        document(
            directory,
            "<template name='t'><capacity on-full='evict'/></template>"
                + "<cache name='c' template='t'><capacity max-entries='9'/></cache>");

    assertThat(settings.cache("c").bookOptions())
        .isEqualTo(
            BookOptions.DEFAULT
                .withMaximumEntries(9 + 1) // and the one about the cache
                .withOnFull(BookOptions.OnFull.EVICT));
  }

  private static ManagerSettings document(Path directory, String elements) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("x.xml"),
            "<pagebook xmlns='urn:pagebook:config:1'><private/>" + elements + "</pagebook>");
    return ManagerSettings.of(file.toUri(), LOADER, new Properties());
  }

  private static ManagerSettings settings(String uri) {
    return ManagerSettings.of(URI.create(uri), LOADER, new Properties());
  }
}
