package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.InterruptedWaiter;
import io.pagebook.testing.Parent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An interrupted thread's operation on a cache does what it would have done, keeps the interrupt,
 * and harms nobody: other threads and another process go on, and that one does not take this one
 * for dead.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptedCacheTest extends CacheTestBase {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final EntryProcessor<String, String, String> APPEND =
      (entry, none) -> {
        entry.setValue(entry.getValue() + "+");
        return entry.getValue();
      };

  @TempDir static Path parent;
  private static ChildJvm other;
  private static int number;

  /** Closed with the cache. */
  private final Customization customization = new Customization();

  private Path directory;
  private PageBookCache<String, String> cache;

  /** Something to do while interrupted. */
  record Operation(String name, Call call) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** The body of an operation, and what it leads to. */
  interface Call {
    void on(InterruptedCacheTest test);
  }

  @BeforeEach
  void open() throws IOException {
    // made here: the URI of a directory that is not there is another one
    directory = Files.createDirectory(parent.resolve("books " + number++));
    cache = create(manager(provider, directory));
    cache.put("a", "1");
    cache.put("b", "2");
    cache.put("c", "3");
  }

  @AfterAll
  static void endOther() {
    if (other != null) {
      other.close();
      other = null;
    }
  }

  private PageBookCache<String, String> create(PageBookCacheManager manager) {
    MutableConfiguration<String, String> configuration = configuration();
    return manager.createCache(
        "cache",
        configuration
            .setReadThrough(true)
            .setCacheLoaderFactory(Recorder.factory(customization))
            .addCacheEntryListenerConfiguration(
                new MutableCacheEntryListenerConfiguration<>(
                    Recorder.factory(customization), null, false, true)));
  }

  private static MutableConfiguration<String, String> configuration() {
    return new MutableConfiguration<String, String>().setTypes(String.class, String.class);
  }

  /** The operations that take the lock of a key; all that matters to them happens to key "a". */
  private static List<Operation> ofAKey() {
    return List.of(
        new Operation("put", t -> t.cache.put("a", "new")),
        new Operation("getAndPut", t -> assertThat(t.cache.getAndPut("a", "new")).isEqualTo("1")),
        new Operation("putIfAbsent", t -> assertThat(t.cache.putIfAbsent("a", "new")).isFalse()),
        new Operation("replace", t -> assertThat(t.cache.replace("a", "1", "new")).isTrue()),
        new Operation(
            "getAndReplace", t -> assertThat(t.cache.getAndReplace("a", "new")).isEqualTo("1")),
        new Operation("remove", t -> assertThat(t.cache.remove("a")).isTrue()),
        new Operation("getAndRemove", t -> assertThat(t.cache.getAndRemove("a")).isEqualTo("1")),
        new Operation(
            "putAll",
            t -> {
              t.cache.putAll(Map.of("a", "new", "d", "4"));
              assertThat(t.cache.getAll(Set.of("a", "d"))).containsEntry("a", "new").hasSize(2);
            }),
        new Operation(
            "removeAll of keys",
            t -> {
              t.cache.removeAll(Set.of("a", "b"));
              assertThat(t.keys()).containsExactly("c");
            }),
        new Operation(
            "removeAll",
            t -> {
              t.cache.removeAll();
              assertThat(t.keys()).isEmpty();
            }),
        new Operation(
            "clear",
            t -> {
              t.cache.clear();
              assertThat(t.keys()).isEmpty();
            }),
        new Operation("invoke", t -> assertThat(t.cache.invoke("a", APPEND)).isEqualTo("1+")),
        new Operation(
            "invokeAll",
            t ->
                assertThat(t.cache.invokeAll(Set.of("a", "b"), APPEND).get("a").get())
                    .isEqualTo("1+")),
        new Operation(
            "iterator's remove",
            t -> {
              Iterator<Cache.Entry<String, String>> entries = t.cache.iterator();
              while (entries.hasNext()) {
                entries.next();
                entries.remove();
              }
              assertThat(t.keys()).isEmpty();
            }));
  }

  private static final Operation LOAD =
      new Operation(
          "get that loads",
          t -> {
            assertThat(t.cache.get("absent")).isEqualTo("loaded absent");
            assertThat(t.customization.loaded).containsExactly("absent");
          });

  static Stream<Operation> operations() {
    return Stream.concat(
        ofAKey().stream(),
        Stream.of(
            LOAD,
            new Operation("get", t -> assertThat(t.cache.get("a")).isEqualTo("1")),
            new Operation("getAll", t -> assertThat(t.cache.getAll(Set.of("a", "b"))).hasSize(2)),
            new Operation("containsKey", t -> assertThat(t.cache.containsKey("a")).isTrue()),
            new Operation(
                "iterator", t -> assertThat(t.keys()).containsExactlyInAnyOrder("a", "b", "c")),
            new Operation("report", t -> assertThat(t.cache.report().entries()).isEqualTo(3)),
            new Operation("large put", t -> t.cache.put("d", "x".repeat(9_000_000))),
            new Operation(
                "create and close",
                t -> {
                  PageBookCacheManager manager = t.manager(t.provider, t.directory);
                  manager.createCache("new", configuration()).put("k", "v");
                  manager.getCache("new").close();
                }),
            new Operation(
                "create and destroy",
                t -> {
                  PageBookCacheManager manager = t.manager(t.provider, t.directory);
                  manager.createCache("new", configuration()).put("k", "v");
                  manager.destroyCache("new");
                }),
            new Operation(
                "open and close a shared manager",
                t -> {
                  Path shared = t.directory.resolve("deep");
                  t.manager(t.provider, shared).createCache("new", configuration()).put("k", "v");
                  t.manager(t.provider, shared).close();
                }),
            new Operation(
                "open and close a document's manager",
                t -> {
                  URI uri = document(t.directory.resolve("deep"), "new").toUri();
                  t.provider.getCacheManager(uri, null).getCache("new").put("k", "v");
                  t.provider.getCacheManager(uri, null).close();
                }),
            new Operation(
                "open and close a private manager",
                t -> {
                  t.provider.getCacheManager().createCache("new", configuration()).put("k", "v");
                  t.provider.getCacheManager().close();
                })));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void interruptedBefore(Operation operation) {
    Thread.currentThread().interrupt();
    operation.call().on(this);
    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    assertCacheGoesOn();
  }

  /** The load is done by another thread; to wait for it is the caller's own affair. */
  @Test
  void interruptedBeforeLoadAll() {
    CompletionListenerFuture done = new CompletionListenerFuture();
    Thread.currentThread().interrupt();
    cache.loadAll(Set.of("x", "y"), false, done);
    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    assertThat(done).succeedsWithin(LONG);
    assertThat(cache.getAll(Set.of("x", "y"))).containsEntry("x", "loaded x").hasSize(2);
    assertCacheGoesOn();
  }

  static Stream<Operation> waits() {
    return Stream.concat(ofAKey().stream(), Stream.of(LOAD));
  }

  /** Another process runs an entry processor of the key meanwhile. */
  @ParameterizedTest
  @MethodSource("waits")
  void interruptedInTheMiddleOfAWaitForAKey(Operation operation) {
    tellOther("hold", operation.equals(LOAD) ? "absent" : "a");
    InterruptedWaiter.assertWaitsOn(() -> operation.call().on(this), this::letGo);
    assertCacheGoesOn();
  }

  /** It is the loading thread that waits, and is interrupted. */
  @Test
  void interruptedInTheMiddleOfALoad() {
    CompletionListenerFuture done = new CompletionListenerFuture();
    tellOther("hold", "a");
    try {
      cache.loadAll(Set.of("a"), true, done);
      InterruptedWaiter.interruptWaiting(loadingThread());
      assertThat(done.isDone()).isFalse();
    } finally {
      letGo();
    }
    assertThat(done).succeedsWithin(LONG);
    assertThat(cache.get("a")).isEqualTo("loaded a");
    assertCacheGoesOn();
  }

  private static Thread loadingThread() {
    List<Thread> found = new ArrayList<>();
    await()
        .until(
            () -> {
              Thread.getAllStackTraces().keySet().stream()
                  .filter(thread -> thread.getName().equals("pagebook-loads-cache"))
                  .forEach(found::add);
              return !found.isEmpty();
            });
    return found.get(0);
  }

  /** What a cache that is being closed waits for. */
  enum UnderWay {
    PROCESSOR {
      @Override
      void begin(InterruptedCacheTest test) {
        test.threads.execute(
            () ->
                test.cache.invoke(
                    "a",
                    (EntryProcessor<String, String, Object>)
                        (entry, none) -> {
                          test.customization.stay();
                          entry.setValue("new");
                          return null;
                        }));
      }
    },
    READ_THROUGH {
      @Override
      void begin(InterruptedCacheTest test) {
        test.threads.execute(() -> test.cache.get("stay"));
      }
    },
    LOAD {
      @Override
      void begin(InterruptedCacheTest test) {
        test.cache.loadAll(Set.of("stay"), true, null);
      }
    },
    LISTENER {
      @Override
      void begin(InterruptedCacheTest test) {
        test.threads.execute(() -> test.cache.put("stay", "new"));
      }
    },
    ASYNCHRONOUS_LISTENER {
      @Override
      void begin(InterruptedCacheTest test) {
        test.cache.registerCacheEntryListener(
            new MutableCacheEntryListenerConfiguration<>(
                Recorder.factory((Late) events -> test.customization.stay()), null, false, false));
        test.cache.put("d", "4");
      }
    };

    abstract void begin(InterruptedCacheTest test);
  }

  /** A listener that is another class than the synchronous one. */
  private interface Late extends CacheEntryCreatedListener<String, String> {}

  @ParameterizedTest
  @EnumSource(UnderWay.class)
  void interruptedCloseWaitsForWhatIsUnderWay(UnderWay what) {
    begin(what);
    InterruptedWaiter.assertWaitsOn(() -> cache.close(), this::endWhatIsUnderWay);
    assertClosedInOrder();
  }

  /** As above, but the interrupt was there before. */
  @ParameterizedTest
  @EnumSource(UnderWay.class)
  void closeOfAnInterruptedThreadWaitsForWhatIsUnderWay(UnderWay what) {
    begin(what);
    InterruptedWaiter.assertWaitsOn(
        () -> {
          Thread.currentThread().interrupt();
          cache.close();
        },
        this::endWhatIsUnderWay);
    assertClosedInOrder();
  }

  static Stream<Operation> closings() {
    return Stream.of(
        new Operation(
            "destroyCache", t -> t.manager(t.provider, t.directory).destroyCache("cache")),
        new Operation("manager's close", t -> t.manager(t.provider, t.directory).close()),
        new Operation("provider's close", t -> t.provider.close()));
  }

  @ParameterizedTest
  @MethodSource("closings")
  void interruptedClosingWaitsForAProcessor(Operation closing) {
    begin(UnderWay.PROCESSOR);
    InterruptedWaiter.assertWaitsOn(() -> closing.call().on(this), this::endWhatIsUnderWay);
    assertClosedInOrder();
  }

  /** Whoever makes a cache waits until the one before has let go of its book. */
  @Test
  void interruptedCreationWaitsForTheCloseBefore() {
    begin(UnderWay.PROCESSOR);
    PageBookCache<String, String> before = cache;
    CompletableFuture<Void> closing = run(before::close);
    await().until(before::isClosed);
    InterruptedWaiter.assertWaitsOn(
        () -> cache = create(manager(provider, directory)),
        () -> {
          endWhatIsUnderWay();
          assertThat(closing).succeedsWithin(LONG);
        });
    assertThat(cache.get("a")).isEqualTo("new");
    assertCacheGoesOn();
  }

  private void begin(UnderWay what) {
    what.begin(this);
    await().until(() -> customization.inside.getCount() == 0);
  }

  private void endWhatIsUnderWay() {
    try {
      assertThat(customization.closed).as("closed while in use").isEmpty();
    } finally {
      customization.goOn.countDown();
    }
  }

  /** Loader and listener were closed after the last call that they got. */
  private void assertClosedInOrder() {
    assertThat(customization.closed).isNotEmpty();
    assertThat(customization.usedWhenClosed).isEmpty();
    cache = create(manager(provider, directory));
    assertCacheGoesOn();
  }

  /**
   * A listener hears of one key's events in order, also if who brings the second is interrupted.
   */
  @Test
  void interruptedWhileWaitingForAListener() {
    CompletableFuture<Void> first = run(() -> cache.put("stay", "1"));
    await().until(() -> customization.inside.getCount() == 0);
    InterruptedWaiter.assertWaitsOn(
        () -> {
          cache.remove("stay");
          cache.put("stay", "2");
        },
        () -> {
          assertThat(customization.heard).doesNotContain("stay=2");
          customization.goOn.countDown();
          assertThat(first).succeedsWithin(LONG);
        });
    assertThat(customization.heard).containsSubsequence("stay=1", "stay=2");
    assertCacheGoesOn();
  }

  /**
   * All threads and the other process go on, and that one waits for a key that a thread of this one
   * has locked: it does not take this process for dead.
   */
  private void assertCacheGoesOn() {
    cache.put("mine", "1");
    assertThat(async(() -> cache.invoke("mine", APPEND))).succeedsWithin(LONG).isEqualTo("1+");
    tellOther("put", "theirs");
    assertThat(cache.get("theirs")).isEqualTo("theirs");
    cache.invoke(
        "mine",
        (EntryProcessor<String, String, Object>)
            (entry, none) -> {
              assertThat(tellOther("refused", "mine"))
                  .contains("was not released in time", "" + ProcessHandle.current().pid());
              return null;
            });
    tellOther("put", "mine");
    assertThat(cache.get("mine")).isEqualTo("mine");
    tellOther("close");
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>();
    cache.forEach(entry -> keys.add(entry.getKey()));
    return keys;
  }

  /** Has the other process do something; what it says when it has. */
  private String tellOther(String command, String... key) {
    if (other == null) {
      other = ChildJvm.of(Other.class).start();
    }
    other.send(String.join("\t", command, String.join("", key), directory.toString()));
    String answer = other.nextLine(ChildJvm.PATIENCE);
    assertThat(answer).startsWith(command + " ");
    return answer;
  }

  private void letGo() {
    other.send("let go");
    assertThat(other.nextLine(ChildJvm.PATIENCE)).isEqualTo("released");
  }

  /** A document for the books of a directory, with little patience. */
  private static Path document(Path directory, String cacheName) {
    try {
      Files.createDirectories(directory);
      return Files.writeString(
          directory.resolve("x.xml"),
          "<pagebook xmlns=\"urn:pagebook:config:1\"><directory path=\""
              + directory
              + "\"/><cache name=\""
              + cacheName
              + "\" key-type=\"java.lang.String\" value-type=\"java.lang.String\">"
              + "<book lock-timeout=\"100ms\"/></cache></pagebook>");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loader and listener; whatever is called "stay" stays inside until the test says so. */
  static final class Customization
      implements CacheLoader<String, String>,
          CacheEntryCreatedListener<String, String>,
          AutoCloseable {
    final CountDownLatch inside = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    final List<String> loaded = new CopyOnWriteArrayList<>();
    final List<String> heard = new CopyOnWriteArrayList<>();
    final List<String> closed = new CopyOnWriteArrayList<>();
    final List<String> usedWhenClosed = new CopyOnWriteArrayList<>();

    void stay() {
      inside.countDown();
      try {
        if (!goOn.await(LONG.toSeconds(), TimeUnit.SECONDS)) {
          usedWhenClosed.add("nobody said so");
        }
      } catch (InterruptedException e) {
        usedWhenClosed.add("interrupted");
      }
      if (!closed.isEmpty()) {
        usedWhenClosed.add("closed meanwhile");
      }
    }

    @Override
    public String load(String key) {
      if (key.equals("stay")) {
        stay();
      }
      loaded.add(key);
      return "loaded " + key;
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      Map<String, String> all = new java.util.HashMap<>();
      keys.forEach(key -> all.put(key, load(key)));
      return all;
    }

    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      for (CacheEntryEvent<? extends String, ? extends String> event : events) {
        if (event.getKey().equals("stay") && goOn.getCount() != 0) {
          stay();
        }
        heard.add(event.getKey() + "=" + event.getValue());
      }
    }

    @Override
    public void close() {
      closed.add("closed");
    }
  }

  /** Runs in the child: another user of the books, with little patience. */
  static final class Other {
    private Other() {}

    public static void main(String[] arguments) {
      Parent parent = Parent.connect();
      PageBookCachingProvider provider = new PageBookCachingProvider();
      while (true) {
        String[] command = parent.hear().split("\t", -1);
        if (command[0].equals("close")) {
          provider.close();
          parent.say("close ");
          continue;
        }
        URI uri = document(Path.of(command[2]), "cache").toUri();
        Cache<String, String> cache = provider.getCacheManager(uri, null).getCache("cache");
        parent.say(obey(parent, cache, command[0], command[1]));
      }
    }

    private static String obey(
        Parent parent, Cache<String, String> cache, String command, String key) {
      switch (command) {
        case "hold" -> {
          cache.invoke(
              key,
              (EntryProcessor<String, String, Object>)
                  (entry, none) -> {
                    parent.say("hold ");
                    parent.hear();
                    return null;
                  });
          return "released";
        }
        case "put" -> {
          cache.put(key, key);
          return "put ";
        }
        case "refused" -> {
          try {
            cache.put(key, "stolen");
            return "refused not at all";
          } catch (CacheException e) {
            return "refused " + e.getMessage();
          }
        }
        default -> throw new IllegalArgumentException(command);
      }
    }
  }
}
