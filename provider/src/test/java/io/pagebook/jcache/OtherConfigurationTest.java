package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.PageBook;
import java.nio.file.Path;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rule for managers, in this process or another, that configure the same book differently: what
 * docs/configuration.md says of "two configurations of one book".
 */
class OtherConfigurationTest extends DocumentTestBase {
  private Path book;

  @BeforeEach
  void create() {
    Cache<Object, Object> cache =
        open(document(
                "creator.xml",
                "<capacity max-size=\"1000000\" max-entries=\"100\" on-full=\"evict\"/>"
                    + "<book page-size=\"8KiB\" shards=\"4\" initial-size=\"512KiB\"/>"))
            .getCache("c");
    cache.put("k", "v");
    book = cache.unwrap(PageBook.class).file();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // nothing stated
        "<book page-size=\"8KiB\"/>",
        "<capacity max-size=\"1000000\"/>",
        "<capacity max-entries=\"100\"/>",
        "<capacity max-entries=\"100\" on-full=\"evict\"/>",
        "<book shards=\"8\" initial-size=\"64KiB\"/>", // the creator's count
        // each process's own
        "<book lock-timeout=\"3s\" verify-checksums=\"false\"/><durability force=\"1s\"/>"
            + "<statistics enabled=\"true\"/><expiry><created after=\"1m\"/></expiry>"
      })
  void attaches(String elements) {
    Cache<Object, Object> cache = openElsewhere(document("other.xml", elements)).getCache("c");

    assertThat(cache.get("k")).isEqualTo("v");
    PageBook attached = cache.unwrap(PageBook.class);
    assertThat(attached.file()).isEqualTo(book);
    assertThat(attached.pageSizeBytes()).isEqualTo(8192);
    assertThat(attached.maximumSizeBytes()).isEqualTo(122 * 8192);
  }

  @Test
  void anotherPageSizeIsRefused() {
    assertRefused(
        "<book page-size=\"4KiB\"/>",
        "book was created otherwise: cache=c, pageSizeBytes=4096, its pageSizeBytes=8192");
  }

  @Test
  void anotherMaximumSizeIsRefused() {
    assertRefused(
        "<capacity max-size=\"2MiB\"/>",
        "book was created otherwise: cache=c, maximumSizeBytes=2097152, its"
            + " maximumSizeBytes=999424");
  }

  @Test
  void otherMaximumEntriesAreRefused() {
    assertRefused(
        "<capacity max-entries=\"101\"/>",
        "book was created otherwise: cache=c, maximumEntries=101, its maximumEntries=100");
  }

  @Test
  void anotherWayToBeFullIsRefused() {
    assertRefused(
        "<capacity on-full=\"fail\"/>",
        "book was created otherwise: cache=c, onFull=FAIL, its onFull=EVICT");
  }

  @Test
  void aBoundOnEntriesWhereThereIsNoneIsRefused() {
    open(write("creator2.xml", "<cache name=\"d\"/>"));

    assertThatThrownBy(
            () ->
                openElsewhere(
                    write(
                        "other.xml",
                        "<cache name=\"d\"><capacity max-entries=\"5\" on-full=\"evict\"/></cache>")))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("cache=d, maximumEntries=5, its maximumEntries=unbounded, file=");
  }

  @Test
  void aMaximumSizeWhereThereIsNoneIsRefused() {
    open(write("creator2.xml", "<cache name=\"d\"/>"));

    assertThatThrownBy(
            () ->
                openElsewhere(
                    write("other.xml", "<cache name=\"d\"><capacity max-size=\"1MiB\"/></cache>")))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining(
            "cache=d, maximumSizeBytes=1048576, its maximumSizeBytes=unbounded, file=");
  }

  @Test
  void otherTypesAreRefused() {
    Path document = write("other.xml", "<cache name=\"c\" key-type=\"java.lang.Long\"/>");

    assertThatThrownBy(() -> openElsewhere(document))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("keyType=java.lang.Long")
        .hasMessageContaining("its keyType=java.lang.Object")
        .hasMessageContaining("file=" + document + ", line=1; ");
  }

  private void assertRefused(String elements, String message) {
    Path document = document("other.xml", elements);

    assertThatThrownBy(() -> openElsewhere(document))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("file=" + book)
        .hasMessageContaining("file=" + document + ", line=1; ");
    assertThat(open(parent.resolve("creator.xml")).getCache("c").get("k")).isEqualTo("v");
  }

  private Path document(String name, String elements) {
    return write(name, "<cache name=\"c\">" + elements + "</cache>");
  }
}
