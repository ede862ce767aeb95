package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import javax.cache.Cache;
import org.junit.jupiter.api.Test;

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
                <cache name="off at once"><near-cache enabled="false"/></cache>
                <cache name="none"/>
                """));

    assertThat(returnsTheSameInstance(manager.getCache("near"))).isTrue();
    assertThat(returnsTheSameInstance(manager.getCache("off"))).isFalse();
    assertThat(returnsTheSameInstance(manager.getCache("off at once"))).isFalse();
    assertThat(returnsTheSameInstance(manager.getCache("none"))).isFalse();
  }

  private static boolean returnsTheSameInstance(Cache<Object, Object> cache) {
    cache.put("key", new ArrayList<>(List.of("value")));
    Object first = cache.get("key");
    return first == cache.get("key");
  }
}
