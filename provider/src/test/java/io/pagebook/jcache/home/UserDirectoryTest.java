package io.pagebook.jcache.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserDirectoryTest {
  @TempDir Path memory;

  @Test
  void itIsMadeForTheOwnerAloneAndFoundAgain() throws IOException {
    Path shop = UserDirectory.inMemory(memory, "shop");

    assertThat(shop).isEqualTo(UserDirectory.inMemory(memory, "shop"));
    assertThat(shop.getFileName()).hasToString("shop");
    Path mine = shop.getParent();
    assertThat(mine.getFileName()).hasToString("pagebook." + Files.getOwner(mine).getName());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(mine)))
        .isEqualTo("rwx------");
  }

  @Test
  void oneThatOthersMayWriteToIsRefused() throws IOException {
    Path mine = UserDirectory.inMemory(memory, "shop").getParent();
    Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rwxrwx---"));

    assertRefused();
  }

  @Test
  void aLinkInItsPlaceIsRefused() throws IOException {
    Path mine = UserDirectory.inMemory(memory, "shop").getParent();
    Files.delete(mine);
    Files.createSymbolicLink(mine, Files.createDirectory(memory.resolve("elsewhere")));

    assertRefused();
  }

  @Test
  void withoutAPlaceItIsRefused() {
    assertThatThrownBy(() -> UserDirectory.inMemory(memory.resolve("missing"), "shop"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("parent=" + memory.resolve("missing"));
  }

  @Test
  void onDiskItIsAmongTheUsersCaches() {
    Path shop = UserDirectory.onDisk("shop");

    assertThat(shop).isAbsolute().endsWithRaw(Path.of("pagebook", "shop"));
  }

  @Test
  void onDiskTheUserNeedsAHome() {
    assertThat(UserDirectory.onDisk("/caches", null, "shop"))
        .isEqualTo(Path.of("/caches/pagebook/shop"));
    assertThat(UserDirectory.onDisk("relative", "/home/me", "shop"))
        .isEqualTo(Path.of("/home/me/.cache/pagebook/shop"));
    assertThatThrownBy(() -> UserDirectory.onDisk(null, "?", "shop"))
        .isInstanceOf(CacheException.class)
        .hasMessage(
            "user has no home directory: user.home=?; use a path,"
                + " or set the environment variable XDG_CACHE_HOME to one");
  }

  private void assertRefused() {
    assertThatThrownBy(() -> UserDirectory.inMemory(memory, "shop"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("directory is not this user's alone: directory=" + memory);
  }
}
