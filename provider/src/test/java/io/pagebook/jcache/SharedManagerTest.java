package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.BookException;
import io.pagebook.book.PageBook;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListenerFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Managers of one directory, as two applications have them. */
class SharedManagerTest extends CacheTestBase {
  @TempDir Path parent;

  private final PageBookCachingProvider otherProvider = new PageBookCachingProvider(clock);

  @AfterEach
  void closeOther() {
    otherProvider.close();
  }

  @Test
  void bothSeeWhatEitherWrites() {
    Cache<Object, Object> mine = here().createCache("c", new MutableConfiguration<>());
    Cache<Object, Object> theirs = there().createCache("c", new MutableConfiguration<>());

    mine.put(1, "one");
    theirs.put("two", 2);
    mine.put(1, "uno");

    assertThat(theirs.get(1)).isEqualTo("uno");
    assertThat(mine.get("two")).isEqualTo(2);
    assertThat(theirs.remove(1)).isTrue();
    assertThat(mine.containsKey(1)).isFalse();
  }

  @Test
  void entriesOutliveTheManager() {
    here().createCache("c", new MutableConfiguration<>()).put("k", "v");
    here().close();

    PageBookCacheManager again = here();
    assertThat(again.getCacheNames()).isEmpty();
    assertThat(again.<Object, Object>getCache("c")).isNull();
    assertThat(again.createCache("c", new MutableConfiguration<>()).get("k")).isEqualTo("v");
    assertThat(again.getCacheNames()).containsExactly("c");
  }

  @Test
  void theDirectoryIsMadeForTheOwnerAlone() throws IOException {
    Path deep = parent.resolve("a/b");
    manager(provider, deep).createCache("c", new MutableConfiguration<>());

    assertThat(permissions(parent.resolve("a"))).isEqualTo("rwx------");
    assertThat(permissions(deep)).isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(deep)) {
      assertThat(files).allMatch(file -> permissions(file).equals("rw-------"));
    }
  }

  @Test
  void aDirectoryHasOneManagerWhetherItIsThereAlreadyOrNot() {
    Path books = parent.resolve("d");
    URI before = books.toUri();
    PageBookCacheManager first = provider.getCacheManager(before, null);
    first.createCache("c", new MutableConfiguration<>());
    URI afterwards = books.toUri();
    assertThat(afterwards).isEqualTo(URI.create(before + "/"));

    assertThat(provider.getCacheManager(afterwards, null)).isSameAs(first);
    assertThat(first.getURI()).isEqualTo(before);
    provider.close(afterwards, null);
    assertThat(first.isClosed()).isTrue();

    PageBookCacheManager second = provider.getCacheManager(afterwards, null);
    assertThat(second.getURI()).isEqualTo(afterwards);
    assertThat(provider.getCacheManager(before, null)).isSameAs(second);
  }

  @Test
  void destroyingACacheThatIsNotOpenDeletesItsBook() {
    Cache<Object, Object> cache = here().createCache("c", new MutableConfiguration<>());
    cache.put("k", "v");
    Path book = cache.unwrap(PageBook.class).file();
    cache.close();
    assertThat(book).exists();

    here().destroyCache("c");

    assertThat(book).doesNotExist();
    assertThat(here().createCache("c", new MutableConfiguration<>()).get("k")).isNull();
  }

  @Test
  void destroyingACacheClosesItForOthers() {
    Cache<Object, Object> mine = here().createCache("c", new MutableConfiguration<>());
    Cache<Object, Object> theirs = there().createCache("c", new MutableConfiguration<>());
    theirs.put("k", "v");

    here().destroyCache("c");

    assertThat(mine.isClosed()).isTrue();
    assertThatThrownBy(() -> theirs.get("k"))
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(BookException.Closed.class);
    assertThatThrownBy(() -> theirs.put("k", "v")).isInstanceOf(IllegalStateException.class);
    there().destroyCache("c");
    assertThat(there().createCache("c", new MutableConfiguration<>()).get("k")).isNull();
  }

  @Test
  void destroyingWhatNeverWasDoesNothing() {
    here().destroyCache("never");

    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void anyNameIsACache() {
    List<String> names =
        List.of(
            "",
            "a/b",
            "../up",
            "\ud83d\ude00",
            "n".repeat(300),
            "n".repeat(301),
            "*?:\"\n",
            "A",
            "a",
            "\ud800",
            ".",
            "javax.x");
    for (String name : names) {
      here().createCache(name, new MutableConfiguration<>()).put("name", name);
    }
    here().close();

    for (String name : names) {
      assertThat(here().createCache(name, new MutableConfiguration<>()).get("name"))
          .isEqualTo(name);
    }
    assertThat(here().getCacheNames()).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void otherTypesAreRefused() {
    here()
        .createCache(
            "c", new MutableConfiguration<Long, String>().setTypes(Long.class, String.class));

    assertThatThrownBy(
            () ->
                there()
                    .createCache(
                        "c",
                        new MutableConfiguration<Long, Integer>()
                            .setTypes(Long.class, Integer.class)))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("valueType=java.lang.Integer")
        .hasMessageContaining("its valueType=java.lang.String");
    assertThat(there().<Object, Object>getCache("c")).isNull();
    there()
        .createCache(
            "c", new MutableConfiguration<Long, String>().setTypes(Long.class, String.class));
  }

  @Test
  void theBookOfAnotherCacheIsRefused() throws IOException {
    Path book =
        here().createCache("first", new MutableConfiguration<>()).unwrap(PageBook.class).file();
    here().close();
    Files.move(book, book.resolveSibling("second.book"));

    assertThatThrownBy(() -> here().createCache("second", new MutableConfiguration<>()))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("owner=first");
  }

  @Test
  void aFileThatIsNoBookIsRefusedAndLeftAlone() throws IOException {
    Path file = Files.writeString(parent.resolve("c.book"), "my notes");

    assertThatThrownBy(() -> here().createCache("c", new MutableConfiguration<>()))
        .isInstanceOf(CacheException.class)
        .hasCauseInstanceOf(BookException.class)
        .hasMessageContaining("c.book");
    assertThat(file).hasContent("my notes");
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsRefused() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));

    assertThatThrownBy(() -> manager(provider, file).createCache("c", new MutableConfiguration<>()))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("file=" + file);
  }

  @Test
  void neitherTheHeaderNorItsKeyShowsAsAnEntry() {
    Cache<Object, Object> cache = here().createCache("c", new MutableConfiguration<>());
    assertThat(cache.iterator().hasNext()).isFalse();
    cache.put(0, "zero");
    cache.put("", "empty");
    cache.put((byte) 0, "byte");

    List<Object> values = new ArrayList<>();
    cache.forEach(entry -> values.add(entry.getValue()));
    assertThat(values).containsExactlyInAnyOrder("zero", "empty", "byte");

    cache.clear();
    assertThat(cache.iterator().hasNext()).isFalse();
    cache.close();
    here().createCache("c", new MutableConfiguration<>());
  }

  @Test
  void classesMustBeAllowed() {
    Cache<Object, Object> mine = here().createCache("c", new MutableConfiguration<>());
    assertThatThrownBy(() -> mine.put("k", new Custom(1)))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining(Custom.class.getName());

    Cache<Object, Object> theirs =
        manager(otherProvider, parent, Custom.class.getName())
            .createCache("c", new MutableConfiguration<>());
    theirs.put("k", new Custom(1));

    assertThat(theirs.get("k")).isEqualTo(new Custom(1));
    assertThat(mine.get("k")).isNull(); // not for this manager
    assertThat(mine.unwrap(PageBookCache.class).report().unreadableRecords()).isEqualTo(1);
    assertThat(mine.getAndPut("k", "readable")).isNull();
    assertThat(theirs.get("k")).isEqualTo("readable");
  }

  /** As after an upgrade that took a class away: whoever asks first whether there is an entry. */
  @Test
  void whatCannotBeReadIsAbsentToEveryOperation() {
    Map<Object, Object> loaded = Map.of("load", "loaded");
    Cache<Object, Object> mine =
        here()
            .createCache(
                "c",
                new MutableConfiguration<>()
                    .setCacheLoaderFactory(
                        Recorder.factory(
                            new CacheLoader<>() {
                              @Override
                              public Object load(Object key) {
                                return loaded.get(key);
                              }

                              @Override
                              public Map<Object, Object> loadAll(Iterable<?> keys) {
                                return loaded;
                              }
                            })));
    Cache<Object, Object> theirs =
        manager(otherProvider, parent, Custom.class.getName())
            .createCache("c", new MutableConfiguration<>());
    for (String key : List.of("absent", "replace", "invoke", "load", "remove", "process")) {
      theirs.put(key, new Custom(1));
    }

    assertThat(mine.containsKey("absent")).isFalse();
    assertThat(mine.putIfAbsent("absent", "new")).isTrue();
    assertThat(mine.replace("replace", "new")).isFalse();
    assertThat(mine.<Boolean>invoke("invoke", (entry, arguments) -> entry.exists())).isFalse();
    CompletionListenerFuture done = new CompletionListenerFuture();
    mine.loadAll(Set.of("load"), false, done);
    assertThat(done).succeedsWithin(30, TimeUnit.SECONDS);

    assertThat(mine.getAndRemove("remove")).isNull();
    mine.<Object>invoke(
        "process",
        (entry, arguments) -> {
          entry.remove();
          return "";
        });

    assertThat(theirs.containsKey("remove")).isFalse();
    assertThat(theirs.containsKey("process")).isFalse();
    assertThat(theirs.get("absent")).isEqualTo("new");
    assertThat(theirs.get("replace")).isEqualTo(new Custom(1));
    assertThat(theirs.get("load")).isEqualTo("loaded");
    assertThat(theirs.containsKey("invoke")).isTrue();
  }

  /** A listener that wants old values, which the writer of the entries may be able to read. */
  @Test
  void whatCannotBeReadGoesInSilence() {
    Recorder recorder = new Recorder();
    MutableConfiguration<Object, Object> expiring =
        new MutableConfiguration<>()
            .setExpiryPolicyFactory(
                CreatedExpiryPolicy.factoryOf(new Duration(TimeUnit.MINUTES, 1)));
    Cache<Object, Object> theirs =
        manager(otherProvider, parent, Custom.class.getName()).createCache("c", expiring);
    Cache<Object, Object> mine =
        here()
            .createCache(
                "c",
                expiring.addCacheEntryListenerConfiguration(
                    new MutableCacheEntryListenerConfiguration<>(
                        Recorder.factory(recorder.listener()), null, true, true)));
    for (String key : List.of("put", "remove", "expired")) {
      theirs.put(key, new Custom(1));
    }

    mine.put("put", "new");
    assertThat(recorder.events).containsExactly("CREATED(new)");
    assertThat(theirs.get("put")).isEqualTo("new");
    recorder.clear();

    assertThat(mine.remove("remove")).isTrue();
    assertThat(theirs.containsKey("remove")).isFalse();
    assertThat(recorder.events).isEmpty();

    clock.advance(java.time.Duration.ofMinutes(2));
    assertThat(mine.get("expired")).isNull();
    assertThat(recorder.events).isEmpty();
  }

  @Test
  void declaredTypesAreAllowed() {
    Cache<String, Custom> cache =
        here()
            .createCache(
                "c",
                new MutableConfiguration<String, Custom>().setTypes(String.class, Custom.class));
    cache.put("k", new Custom(1));

    assertThat(cache.get("k")).isEqualTo(new Custom(1));
  }

  @Test
  void privateCachesAllowEverything() {
    Cache<Object, Object> cache = cache();
    cache.put("k", new Custom(1));

    assertThat(cache.get("k")).isEqualTo(new Custom(1));
  }

  private PageBookCacheManager here() {
    return manager(provider, parent);
  }

  private PageBookCacheManager there() {
    return manager(otherProvider, parent);
  }

  private static String permissions(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private record Custom(int number) implements Serializable {}
}
