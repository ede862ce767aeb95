package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.PageBook;
import io.pagebook.jcache.shop.Order;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What managers that are configured by a document do. */
class XmlManagerTest extends DocumentTestBase {

  @Test
  void oneCacheThatFailsClosesThoseBeforeIt() {
    String loader = "<loader class=\"" + CloseableLoader.class.getName() + "\"/>";
    String broken = "<loader class=\"io.pagebook.jcache.shop.BrokenLoader\"/>";
    Path document =
        write(
            "x.xml",
            "<cache name=\"a\">"
                + loader
                + "<management enabled=\"true\"/></cache>"
                + ("<cache name=\"b\">" + broken + "</cache>"));
    CloseableLoader.opened = 0;

    assertThatThrownBy(() -> open(document))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("no database");

    assertThat(CloseableLoader.opened).isZero();
    write("x.xml", "<cache name=\"a\">" + loader + "</cache>");
    assertThat(open(document).getCacheNames()).containsExactly("a"); // a new manager
    assertThat(CloseableLoader.opened).isOne();
    open(document).close();
    assertThat(CloseableLoader.opened).isZero();
  }

  /** The class that asks holds up the other manager's closing, which has begun. */
  @Test
  void aManagerThatIsBeingClosedIsNotToBeHad() {
    Path other = write("other.xml", "");
    Path document =
        write(
            "x.xml",
            "<cache name=\"a\"><loader class=\"" + Greedy.class.getName() + "\"/></cache>");
    PageBookCacheManager closing = open(other);
    List<PageBookCacheManager> had = new ArrayList<>();
    List<CompletableFuture<Void>> closed = new ArrayList<>();
    Greedy.manager =
        () -> {
          closed.add(run(closing::close));
          Awaitility.await().until(closing::isClosed);
          had.add(open(other));
        };

    open(document);

    assertThat(closed.get(0)).succeedsWithin(30, TimeUnit.SECONDS);
    assertThat(had.get(0).isClosed()).isFalse();
    assertThat(open(other)).isSameAs(had.get(0));
  }

  @Test
  void aClassThatAsksForItsOwnManagerIsRefused() {
    Path document =
        write(
            "x.xml",
            "<cache name=\"a\"><loader class=\"" + Greedy.class.getName() + "\"/></cache>");
    Greedy.manager = () -> open(document);

    assertThatThrownBy(() -> open(document))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("manager is being made: uri=" + document.toUri());
  }

  @Test
  void byReferenceIsRefusedAndTheSwitchNamed() {
    PageBookCacheManager manager = open(write("x.xml", ""));

    assertThatThrownBy(() -> manager.createCache("c", byReference()))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("<store-by-reference accept=\"true\"/>");
  }

  @Test
  void byReferenceIsAcceptedByValueWithOneWarning() {
    PageBookCacheManager manager =
        open(write("x.xml", "<store-by-reference accept=\"true\"/><allow class=\"java.util.*\"/>"));
    List<String> warnings = new ArrayList<>();
    Handler handler = new Recording(warnings);
    Logger logger = Logger.getLogger("io.pagebook.jcache");
    logger.addHandler(handler);
    try {
      Cache<Object, Object> cache = manager.createCache("c", byReference());
      manager.createCache("d", byReference());

      List<String> value = new ArrayList<>(List.of("as it was"));
      cache.put("k", value);
      value.set(0, "changed");
      assertThat(cache.get("k")).isEqualTo(List.of("as it was"));
      assertThat(configuration(cache).isStoreByValue()).isTrue();
      assertThat(warnings).hasSize(1);
      assertThat(warnings.get(0)).contains("stored by value");
    } finally {
      logger.removeHandler(handler);
    }
  }

  @Test
  void labelsKeepBooksApart() {
    String directory = "<directory path=\"" + parent + "\" schema=\"%s\"/><cache name=\"c\"/>";
    PageBookCacheManager one = open(writeRaw("1.xml", directory.replace("%s", "1")));
    PageBookCacheManager two = open(writeRaw("2.xml", directory.replace("%s", "2")));
    one.getCache("c").put("k", "one");

    assertThat(two.getCache("c").get("k")).isNull();
    assertThat(one.getCache("c").get("k")).isEqualTo("one");
  }

  @Test
  void theDocumentAddsToTheProperty() {
    Path document =
        write("x.xml", "<allow class=\"" + Order.class.getName() + "\"/><cache name=\"c\"/>");
    java.util.Properties properties = new java.util.Properties();
    properties.setProperty("io.pagebook.jcache.allow", Item.class.getName());
    Cache<Object, Object> cache =
        provider.getCacheManager(document.toUri(), null, properties).getCache("c");

    cache.put("order", new Order(1, 1));
    cache.put("item", new Item("tea"));

    assertThat(cache.get("order")).isEqualTo(new Order(1, 1));
    assertThat(cache.get("item")).isEqualTo(new Item("tea"));
    assertThatThrownBy(() -> cache.put("other", new Other("tea")))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining(Other.class.getName());
  }

  @Test
  void privateCachesAreGoneWithTheirManager() {
    Path document = writeRaw("x.xml", "<private/><cache name=\"c\"/>");
    Path book = open(document).getCache("c").unwrap(PageBook.class).file();
    open(document).getCache("c").put("k", "v");
    open(document).close();

    assertThat(book).doesNotExist();
    assertThat(open(document).getCache("c").get("k")).isNull();
  }

  @Test
  void anInheritedLoaderIsCompletedByTheCache() {
    Path document =
        write(
            "x.xml",
            "<template name=\"t\"><loader read-through=\"true\"/></template>"
                + "<cache name=\"c\" template=\"t\" key-type=\"java.lang.Long\" value-type=\"io.pagebook.jcache.shop.Order\">"
                + "<loader class=\"io.pagebook.jcache.shop.OrderLoader\"/>"
                + "<book page-size=\"${no.such:${nor.this:8KiB}}\"/></cache>");

    assertThat(open(document).<Long, Object>getCache("c").get(3L)).isEqualTo(new Order(3, 3));
    assertThat(open(document).getCache("c").unwrap(PageBook.class).pageSizeBytes()).isEqualTo(8192);
  }

  @Test
  void placedInMemory() throws IOException {
    String name = "test-" + Long.toHexString(new java.security.SecureRandom().nextLong());
    Path document =
        writeRaw(
            "x.xml", "<directory placement=\"memory\" name=\"" + name + "\"/><cache name=\"c\"/>");
    open(document).getCache("c").put("k", "v");
    Path directory = open(document).getCache("c").unwrap(PageBook.class).file().getParent();
    try {
      assertThat(directory).isEqualTo(directory.getParent().resolve(name));
      assertThat(directory.getParent().getParent()).isEqualTo(Path.of("/dev/shm"));
      assertThat(directory.getParent().getFileName().toString()).startsWith("pagebook.");
      assertThat(openElsewhere(document).getCache("c").get("k")).isEqualTo("v");
    } finally {
      otherProvider.close();
      provider.close();
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  private static MutableConfiguration<Object, Object> byReference() {
    return new MutableConfiguration<>().setStoreByValue(false);
  }

  @SuppressWarnings("unchecked")
  private static javax.cache.configuration.CompleteConfiguration<Object, Object> configuration(
      Cache<Object, Object> cache) {
    return cache.getConfiguration(javax.cache.configuration.CompleteConfiguration.class);
  }

  private record Item(String name) implements java.io.Serializable {}

  private record Other(String name) implements java.io.Serializable {}

  /** Keeps what is logged. */
  private static final class Recording extends Handler {
    private final List<String> messages;

    Recording(List<String> messages) {
      this.messages = messages;
    }

    @Override
    public void publish(LogRecord logged) {
      messages.add(logged.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** Counts those that are open. */
  public static class CloseableLoader implements CacheLoader<Object, Object>, AutoCloseable {
    static int opened;

    public CloseableLoader() {
      opened++;
    }

    @Override
    public Object load(Object key) {
      return null;
    }

    @Override
    public java.util.Map<Object, Object> loadAll(Iterable<?> keys) {
      return java.util.Map.of();
    }

    @Override
    public void close() {
      opened--;
    }
  }

  /** Wants the manager that it is made for. */
  public static final class Greedy extends CloseableLoader {
    static Runnable manager;

    public Greedy() {
      manager.run();
    }
  }
}
