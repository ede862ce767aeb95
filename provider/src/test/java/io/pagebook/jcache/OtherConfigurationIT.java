package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import java.net.URI;
import java.nio.file.Path;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.Caching;
import org.junit.jupiter.api.Test;

/** Another process with another document for the same book. */
class OtherConfigurationIT extends DocumentTestBase {
  @Test
  void attachesOrIsToldWhatDiffers() {
    open(write("mine.xml", cache("8MiB", "8KiB"))).getCache("c").put("k", "from here");

    assertThat(said(write("none.xml", "<cache name=\"c\"/>"))).isEqualTo("value from here");
    assertThat(said(write("same.xml", cache("8MiB", "8192")))).isEqualTo("value from here");
    assertThat(said(write("page.xml", cache("8MiB", "4KiB"))))
        .contains("created otherwise: cache=c, pageSizeBytes=4096, its pageSizeBytes=8192, file=");
    assertThat(said(write("maximum.xml", cache("16MiB", "8KiB"))))
        .contains(
            "created otherwise: cache=c, maximumSizeBytes=16777216, its maximumSizeBytes=8388608, file=");
    assertThat(said(write("types.xml", "<cache name=\"c\" value-type=\"java.lang.String\"/>")))
        .contains("valueType=java.lang.String")
        .contains("its valueType=java.lang.Object");
    assertThat(open(parent.resolve("mine.xml")).getCache("c").get("k")).isEqualTo("from here");
  }

  private static String cache(String maximumSize, String pageSize) {
    return "<cache name=\"c\"><capacity max-size=\""
        + maximumSize
        + "\"/><book page-size=\""
        + pageSize
        + "\"/></cache>";
  }

  /** What a child says that opens a document. */
  private static String said(Path document) {
    try (ChildJvm child = ChildJvm.of(Attacher.class).arguments(document.toUri()).start()) {
      return child.nextLine(ChildJvm.PATIENCE);
    }
  }

  /** Runs in the children. */
  static final class Attacher {
    private Attacher() {}

    public static void main(String[] arguments) {
      Parent parent = Parent.connect();
      try {
        Cache<Object, Object> cache =
            Caching.getCachingProvider()
                .getCacheManager(URI.create(arguments[0]), null)
                .getCache("c");
        parent.say("value " + cache.get("k"));
      } catch (CacheException e) {
        parent.say("error " + e.getMessage());
      }
      Caching.getCachingProvider().close();
    }
  }
}
