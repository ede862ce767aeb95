package io.pagebook.kryo;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import io.pagebook.testing.Seeds;
import java.net.URI;
import java.nio.file.Path;
import java.util.Properties;
import java.util.SplittableRandom;
import javax.cache.Cache;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A domain class crosses between JVMs that have no flags, and nothing is said on standard error.
 */
class CodecsAcrossJvmsIT {
  private static final int ORDERS = 500;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"java", "kryo"})
  void ordersCross(String codec) {
    long seed = Seeds.seed("orders cross, codec " + codec);
    String uri = directory.toUri().toString();
    try (ChildJvm writer = ChildJvm.of(Peer.class).seed(seed).arguments(uri, codec).start();
        ChildJvm reader = ChildJvm.of(Peer.class).seed(seed).arguments(uri, codec).start()) {
      writer.awaitLine("ready");
      reader.awaitLine("ready");
      writer.send("write");
      writer.awaitLine("written");
      reader.send("read");
      assertThat(reader.awaitLine("equal")).isEqualTo("equal " + ORDERS);

      for (ChildJvm child : new ChildJvm[] {writer, reader}) {
        child.send("end");
        assertThat(child.awaitEnd(ChildJvm.PATIENCE)).isZero();
        assertThat(child.stderrLines()).isEmpty();
      }
    }
  }

  /** Runs in the children. */
  static final class Peer {
    private Peer() {}

    public static void main(String[] arguments) {
      Parent parent = Parent.connect();
      Cache<Integer, Order> cache = cache(URI.create(arguments[0]), arguments[1]);
      parent.say("ready");
      for (String order = parent.hear(); !order.equals("end"); order = parent.hear()) {
        SplittableRandom random = new SplittableRandom(Seeds.inherited());
        int equal = 0;
        for (int i = 0; i < ORDERS; i++) {
          Order expected = Order.random(random);
          if (order.equals("write")) {
            cache.put(i, expected);
          } else if (expected.equals(cache.get(i))) {
            equal++;
          }
        }
        parent.say(order.equals("write") ? "written" : "equal " + equal);
      }
      cache.getCacheManager().close();
    }

    private static Cache<Integer, Order> cache(URI directory, String codec) {
      Properties properties = new Properties();
      properties.setProperty("io.pagebook.jcache.codec", codec);
      return Caching.getCachingProvider()
          .getCacheManager(directory, null, properties)
          .createCache(
              "orders",
              new MutableConfiguration<Integer, Order>().setTypes(Integer.class, Order.class));
    }
  }
}
