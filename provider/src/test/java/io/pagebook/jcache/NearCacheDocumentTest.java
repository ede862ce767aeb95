package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The element {@code near-cache} of a document. */
class NearCacheDocumentTest extends DocumentTestBase {

  @Test
  void itIsInheritedAndSwitchedOff() {
    PageBookCacheManager manager =
        open(
            write(
                "near.xml",
                """
                <template name="incomplete"><near-cache immutable-values="true"/></template>
                <template name="base" template="incomplete"><near-cache max-entries="10"/></template>
                <cache name="near" template="base"/>
                <cache name="off" template="base"><near-cache enabled="false"/></cache>
                <cache name="none"/>
                """));

    assertThat(returnsTheSameInstance(manager.getCache("near"))).isTrue();
    assertThat(returnsTheSameInstance(manager.getCache("off"))).isFalse();
    assertThat(returnsTheSameInstance(manager.getCache("none"))).isFalse();
  }

  private static boolean returnsTheSameInstance(Cache<Object, Object> cache) {
    cache.put("key", new ArrayList<>(List.of("value")));
    Object first = cache.get("key");
    return first == cache.get("key");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "immutable-values=\"true\", max-entries",
        "max-entries=\"0\", value=0",
        "max-entries=\"many\", value=many",
        "max-entries=\"9999999999\", value=9999999999",
        "max-entries=\"1\" immutable-values=\"yes\", value=yes"
      })
  void mistakesAreNamed(String attributes, String named) {
    Path document =
        write("near.xml", "\n<cache name=\"near\">\n<near-cache " + attributes + "/></cache>");

    assertThatThrownBy(() -> open(document))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("near-cache")
        .hasMessageContaining(named)
        .hasMessageContaining("line=3");
  }
}
