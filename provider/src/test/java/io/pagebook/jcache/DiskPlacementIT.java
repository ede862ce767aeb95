package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.PageBook;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a document's {@code placement="disk"} puts the books of a process. */
class DiskPlacementIT {
  @TempDir Path directory;
  private Path document;

  @BeforeEach
  void write() throws IOException {
    document =
        Files.writeString(
            directory.resolve("x.xml"),
            "<pagebook xmlns=\"urn:pagebook:config:1\">"
                + "<directory placement=\"disk\" name=\"shop\"/><cache name=\"c\"/></pagebook>");
  }

  @Test
  void belowTheHomeOfCaches() {
    assertThat(bookOf(directory.resolve("caches").toString()))
        .isEqualTo(directory.resolve("caches/pagebook/shop/c.book").toString());
  }

  @Test
  void anEmptyOrRelativeHomeOfCachesIsIgnored() {
    String usual = directory.resolve("home/.cache/pagebook/shop/c.book").toString();

    assertThat(bookOf("")).isEqualTo(usual);
    assertThat(bookOf("caches")).isEqualTo(usual);
  }

  private String bookOf(String caches) {
    try (ChildJvm child =
        ChildJvm.of(User.class)
            .environment("XDG_CACHE_HOME", caches)
            .systemProperty("user.home", directory.resolve("home").toString())
            .arguments(document)
            .start()) {
      String line = child.awaitLine("book ");
      assertThat(child.awaitEnd(ChildJvm.PATIENCE)).isZero();
      return line.substring("book ".length());
    }
  }

  /** Runs in the children. */
  static final class User {
    private User() {}

    public static void main(String[] arguments) {
      try (PageBookCachingProvider provider = new PageBookCachingProvider()) {
        PageBookCacheManager manager =
            provider.getCacheManager(Path.of(arguments[0]).toUri(), null);
        Parent.connect().say("book " + manager.getCache("c").unwrap(PageBook.class).file());
      }
      System.exit(0);
    }
  }
}
