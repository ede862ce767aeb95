package io.pagebook.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.shiro.cache.Cache;
import org.apache.shiro.cache.jcache.JCacheManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shiro's caches, which it makes on the fly and without types. */
class ShiroTest {
  @TempDir Path directory;

  @Test
  void aCacheIsMadeOnTheFly() {
    JCacheManager shiro = shiro();
    Cache<String, String> cache = shiro.getCache("permissions");

    assertThat(cache.put("alice", "read")).isNull();
    assertThat(cache.put("alice", "write")).isEqualTo("read");
    cache.put("bob", "read");

    assertThat(cache.get("alice")).isEqualTo("write");
    assertThat(cache.size()).isEqualTo(2);
    assertThat(cache.keys()).containsExactlyInAnyOrder("alice", "bob");
    assertThat(cache.values()).containsExactlyInAnyOrder("write", "read");
    assertThat(cache.remove("alice")).isEqualTo("write");
    cache.clear();
    assertThat(cache.get("bob")).isNull();
    shiro.getCacheManager().close();
  }

  @Test
  void entriesOutliveTheManager() {
    JCacheManager before = shiro();
    before.<String, String>getCache("sessions").put("42", "alice");
    before.getCacheManager().close();

    JCacheManager after = shiro();
    assertThat(after.<String, String>getCache("sessions").get("42")).isEqualTo("alice");
    after.getCacheManager().close();
  }

  @Test
  void itsConfigurationIsOurDocument() {
    JCacheManager shiro = new JCacheManager();
    shiro.setCacheConfig("/io/pagebook/clients/shiro.xml");
    shiro.init();

    assertThat(shiro.getCacheManager().getCacheNames()).containsExactly("authorizations");
    Cache<String, String> cache = shiro.getCache("authorizations");
    cache.put("alice", "read");
    assertThat(cache.get("alice")).isEqualTo("read");

    javax.cache.CacheManager manager = shiro.getCacheManager();
    shiro.destroy();
    assertThat(manager.isClosed()).isTrue();
  }

  private JCacheManager shiro() {
    JCacheManager shiro = new JCacheManager();
    shiro.setCacheManager(SharedCaches.manager(directory.toUri()));
    shiro.init();
    return shiro;
  }
}
