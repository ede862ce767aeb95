package io.pagebook.jcache.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.Properties;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagerSettingsTest {
  private static final ClassLoader LOADER = ManagerSettingsTest.class.getClassLoader();

  @Test
  void theDefaultIsPrivate() {
    assertThat(settings("pagebook:private").directory()).isNull();
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
        "jar:file:///x.jar!/y"
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

  private static ManagerSettings settings(String uri) {
    return ManagerSettings.of(URI.create(uri), LOADER, new Properties());
  }
}
