package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.PageBook;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.cache.Cache;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all JVMs counted, those that have closed or were killed included. */
class SharedStatisticsIT extends CacheTestBase {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int FIRST = 500;
  private static final int MORE = 300;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  private Path directory;

  @BeforeEach
  void prepare() {
    directory = books.directory();
    books.checkAllIn(directory);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void theSumIsThatOfTheLivingTheClosedAndTheKilled(int jvms) {
    List<ChildJvm> children = new ArrayList<>();
    try {
      for (int i = 0; i < jvms; i++) {
        children.add(ChildJvm.of(Teller.class).arguments(directory.toUri().toString()).start());
      }
      children.forEach(child -> child.awaitLine("ready", PATIENCE));
      PageBookCache<Integer, String> cache = Teller.cache(directory.toUri(), false);
      count(children, FIRST);
      int all = FIRST * jvms;
      Awaitility.await().atMost(PATIENCE).until(() -> cache.report().removals() == all);
      assertThat(sums(cache.report())).containsOnly((long) all);
      assertThat(cache.report().entries()).isZero();

      ChildJvm killed = children.get(0);
      ChildJvm closed = children.get(1);
      List<ChildJvm> living = children.subList(2, jvms);
      count(List.of(killed), MORE);
      killed.kill();
      count(List.of(closed), MORE);
      closed.send("close");
      closed.awaitLine("closed", PATIENCE);
      shrink(cache);
      count(living, MORE);
      int others = all + MORE * (jvms - 1);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> cache.report().puts() >= others && cache.report().removals() >= others);
      CacheReport sum = cache.report();
      System.out.println("JVMs=" + jvms + ", counted=" + (others + MORE) + ", sum=" + sum);
      assertThat(sums(sum))
          .as("what it had published, and no more than it did")
          .allMatch(figure -> figure >= others && figure <= others + MORE);

      for (ChildJvm child : living) {
        child.send("report");
        assertThat(child.awaitLine("CacheReport", PATIENCE)).isEqualTo(cache.report().toString());
        child.send("close");
        child.awaitLine("closed", PATIENCE);
      }
      shrink(cache);
      cache.put(-1, "not counted: statistics are off here");
      cache.remove(-1);
      assertThat(sums(cache.report())).as("all have closed").isEqualTo(sums(sum));
      cache.getCacheManager().close();
      assertThat(sums(Teller.cache(directory.toUri(), true).report())).isEqualTo(sums(sum));
    } finally {
      children.forEach(ChildJvm::close);
      Caching.getCachingProvider().close();
    }
  }

  private static void count(List<ChildJvm> children, int times) {
    children.forEach(child -> child.send(Integer.toString(times)));
    children.forEach(child -> child.awaitLine("counted", PATIENCE));
  }

  private static List<Long> sums(CacheReport report) {
    return List.of(report.hits(), report.misses(), report.puts(), report.removals());
  }

  /** Moves the book to another file. */
  private static void shrink(Cache<Integer, String> cache) {
    cache.put(0, "x".repeat(1 << 20));
    cache.remove(0);
    assertThat(cache.unwrap(PageBook.class).vacuum()).isPositive();
  }

  /** Runs in the children. */
  static final class Teller {
    private Teller() {}

    public static void main(String[] arguments) {
      Parent parent = Parent.connect();
      PageBookCache<Integer, String> cache = cache(URI.create(arguments[0]), true);
      int key = (int) ProcessHandle.current().pid();
      parent.say("ready");
      for (String order = parent.hear(); !order.equals("close"); order = parent.hear()) {
        if (order.equals("report")) {
          parent.say(cache.report().toString());
        } else {
          for (int i = Integer.parseInt(order); i > 0; i--) {
            cache.put(key, "v");
            cache.get(key);
            cache.remove(key);
            cache.get(key);
          }
          parent.say("counted");
        }
      }
      cache.getCacheManager().close();
      parent.say("closed");
      parent.hear();
    }

    @SuppressWarnings("unchecked") // the types are those of the configuration
    static PageBookCache<Integer, String> cache(URI directory, boolean statistics) {
      return Caching.getCachingProvider()
          .getCacheManager(directory, null)
          .createCache(
              "told",
              new MutableConfiguration<Integer, String>()
                  .setTypes(Integer.class, String.class)
                  .setStatisticsEnabled(statistics))
          .unwrap(PageBookCache.class);
    }
  }
}
