package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.jcache.codec.ClassRules;
import io.pagebook.jcache.codec.RecordCodec;
import io.pagebook.jcache.spi.Price;
import io.pagebook.jcache.spi.RefusingCodec.Way;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Value codecs of the application, through caches. */
class ValueCodecTest extends CacheTestBase {
  private static final Pattern CODE = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern SNIPPET = Pattern.compile("(?s)// snippet\n(.*?)// end\n");

  @TempDir Path directory;

  private final PageBookCachingProvider otherProvider = new PageBookCachingProvider(clock);

  @AfterEach
  void closeOther() {
    otherProvider.close();
  }

  @Test
  void valuesGoThroughTheCodec() {
    Cache<String, Price> mine = prices(manager(provider, "price"));
    Cache<String, Price> theirs = prices(manager(otherProvider, "price"));
    mine.put("tea", new Price("EUR", 250));

    assertThat(theirs.get("tea")).isEqualTo(new Price("EUR", 250));
    assertThat(theirs.getAndPut("tea", new Price("\u20ac", 260))).isEqualTo(new Price("EUR", 250));
    assertThat(mine.get("tea")).isEqualTo(new Price("\u20ac", 260));
    assertThat(record(mine, "tea").type()).isEqualTo(128);
    assertThat(unreadable(mine)).isZero();
  }

  @Test
  void typesThatTheProviderKnowsKeepTheirCodecsAndKeysAreNeverGivenAway() {
    Cache<Object, Object> cache =
        manager(provider, "refusing").createCache("c", new MutableConfiguration<>());
    List<Object> values =
        List.of("text", 1L, UUID.randomUUID(), LocalDate.EPOCH, new byte[] {1, 2});
    for (Object value : values) {
      cache.put(Way.EXCEPTION, value); // an enum: a key that is serialised

      assertThat(cache.get(Way.EXCEPTION)).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NULL", "EXCEPTION", "STACK_OVERFLOW"})
  void whatTheCodecCannotWriteIsRefused(Way way) {
    Cache<Object, Object> cache = refusing();
    cache.put("k", "before");

    assertThatThrownBy(() -> cache.put("k", way))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("class=" + Way.class.getName())
        .hasMessageContaining("codec=refusing");
    assertThat(cache.get("k")).isEqualTo("before");
  }

  @ParameterizedTest
  @EnumSource(names = "READ_.*", mode = EnumSource.Mode.MATCH_ALL)
  void whatTheCodecCannotReadIsACountedMiss(Way way) {
    Cache<Object, Object> any = refusing();
    any.put("k", way);
    long before = unreadable(any);

    if (way == Way.READ_ANOTHER_TYPE) {
      assertThat(any.get("k")).isEqualTo(new Price("EUR", 1)); // declared as Object
    } else {
      assertThat(any.get("k")).isNull();
      assertThat(unreadable(any)).isEqualTo(before + 1);
    }
    assertThat(any.getAndPut("k", "readable")).isNotEqualTo(way);
    assertThat(any.get("k")).isEqualTo("readable");
  }

  @Test
  void aDocumentNamesTheCodecOfEachCache() throws IOException {
    Path document = directory.resolve("pagebook.xml");
    Files.writeString(
        document,
        """
        <pagebook xmlns="urn:pagebook:config:1">
          <directory path="DIRECTORY"/>
          <default-cache><codec name="refusing"/></default-cache>
          <cache name="prices" key-type="java.lang.String" value-type="io.pagebook.jcache.spi.Price">
            <codec name="price"/>
          </cache>
          <cache name="plain" key-type="java.lang.String"/>
        </pagebook>
        """
            .replace("DIRECTORY", directory.toString()));
    PageBookCacheManager manager = provider.getCacheManager(document.toUri(), null);

    Cache<String, Price> prices = manager.getCache("prices", String.class, Price.class);
    prices.put("tea", new Price("EUR", 250));
    assertThat(prices.get("tea")).isEqualTo(new Price("EUR", 250));
    Cache<String, Object> plain = manager.getCache("plain", String.class, Object.class);
    plain.put("k", List.of(1));
    assertThat(record(plain, "k").type()).isEqualTo(16);
    Cache<Object, Object> other = manager.createCache("other", new MutableConfiguration<>());
    assertThatThrownBy(() -> other.put("k", Way.EXCEPTION)).hasMessageContaining("codec=refusing");
  }

  @Test
  void anUnknownCodecIsRefusedWithThoseThatAreThere() {
    assertThatThrownBy(() -> prices(manager(provider, "Price")))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("codec=Price, known=[java, price, refusing]");
    assertThat(directory.resolve("prices.book")).doesNotExist();
  }

  @Test
  void aCodecMayRefuseACache() {
    PageBookCacheManager manager = manager(provider, "refusing");

    assertThatThrownBy(() -> manager.createCache("refused", new MutableConfiguration<>()))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("cache=refused, codec=refusing")
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void oneBookHasOneCodec() {
    prices(manager(provider, "price")).put("tea", new Price("EUR", 250));

    assertThatThrownBy(() -> prices(manager(otherProvider, null)))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("another value codec")
        .hasMessageContaining("codec=java, version=0, its codec=price, its version=1");
    assertThatThrownBy(() -> prices(manager(otherProvider, "refusing")))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("codec=refusing, version=7, its codec=price, its version=1");
    assertThat(prices(manager(otherProvider, "price")).get("tea")).isNotNull();
  }

  @Test
  void aRecordOfAnotherCodecIsACountedMiss() {
    Cache<Object, Object> cache =
        manager(provider, null).createCache("c", new MutableConfiguration<>());
    RecordBuffer planted = buffer("k");
    planted.wrapValue(new byte[] {1, 2, 3}, 3);
    planted.setType(128);
    cache.unwrap(PageBook.class).records().put(planted);

    assertThat(cache.get("k")).isNull();
    assertThat(unreadable(cache)).isEqualTo(1);
    assertThat(cache.iterator().hasNext()).isFalse();
    cache.put("k", "v");
    assertThat(cache.get("k")).isEqualTo("v");
  }

  @Test
  void aKeyThatClaimsToBeOfTheCodecIsUnreadable() {
    Cache<Object, Object> cache = refusing();
    RecordBuffer planted = new RecordBuffer();
    planted.setKey("\u0080READ_ANOTHER_TYPE".getBytes(StandardCharsets.ISO_8859_1));
    planted.wrapValue(new byte[] {'v'}, 1);
    planted.setType(2);
    cache.unwrap(PageBook.class).records().put(planted);

    assertThat(cache.iterator().hasNext()).isFalse();
    assertThat(unreadable(cache)).isPositive();
  }

  @Test
  void theManualShowsTheCodecThatIsTestedHere() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/io/pagebook/jcache/spi/PriceCodec.java"));
    String manual = Files.readString(Path.of("../docs/values.md"));

    assertThat(CODE.matcher(manual).results().map(code -> code.group(1)))
        .containsExactlyElementsOf(
            SNIPPET.matcher(source).results().map(code -> code.group(1)).toList());
  }

  private Cache<Object, Object> refusing() {
    return manager(provider, "refusing").createCache("c", new MutableConfiguration<>());
  }

  private static Cache<String, Price> prices(PageBookCacheManager manager) {
    return manager.createCache(
        "prices", new MutableConfiguration<String, Price>().setTypes(String.class, Price.class));
  }

  private static long unreadable(Cache<?, ?> cache) {
    return cache.unwrap(PageBookCache.class).report().unreadableRecords();
  }

  private static RecordBuffer record(Cache<?, ?> cache, Object key) {
    RecordBuffer record = buffer(key);
    assertThat(cache.unwrap(PageBook.class).records().get(record)).isTrue();
    return record;
  }

  private static RecordBuffer buffer(Object key) {
    RecordBuffer buffer = new RecordBuffer();
    new RecordCodec(ValueCodecTest.class.getClassLoader(), ClassRules.ANY, null)
        .encodeKey(key, buffer);
    return buffer;
  }

  private PageBookCacheManager manager(PageBookCachingProvider owner, String codec) {
    Properties properties = new Properties();
    if (codec != null) {
      properties.setProperty("io.pagebook.jcache.codec", codec);
    }
    properties.setProperty("io.pagebook.jcache.allow", Way.class.getName());
    owner.close(); // a provider keeps one manager for each URI
    return owner.getCacheManager(directory.toUri(), null, properties);
  }
}
