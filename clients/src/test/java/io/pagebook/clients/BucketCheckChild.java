package io.pagebook.clients;

import io.github.bucket4j.grid.jcache.CompatibilityTest;
import io.pagebook.testing.Parent;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.Cache;
import javax.cache.processor.EntryProcessor;

/**
 * A JVM that runs the entry processor of Bucket4j's check on a key that it shares with other JVMs.
 * The check itself resets its key when it starts, so it cannot share one.
 */
final class BucketCheckChild {
  static final String KEY = "42";
  static final int ROUNDS = 500;

  /** What the check wants to find after its own rounds. */
  private static final int CHECKED = 4_000;

  private BucketCheckChild() {}

  public static void main(String[] arguments) throws InterruptedException {
    Parent parent = Parent.connect();
    Cache<String, Integer> cache = cache(URI.create(arguments[0]));
    EntryProcessor<String, Integer, Void> increment = processorOfTheCheck();
    parent.say("ready");
    parent.hear();
    for (int i = 0; i < ROUNDS; i++) {
      cache.invoke(KEY, increment);
    }
    parent.say("done " + ROUNDS);
    cache.getCacheManager().close();
  }

  static Cache<String, Integer> cache(URI directory) {
    return SharedCaches.create(directory, "check", Integer.class);
  }

  /** Lets the check run on a cache that only remembers what it was given. */
  @SuppressWarnings("unchecked") // the check's cache has these types
  private static EntryProcessor<String, Integer, Void> processorOfTheCheck()
      throws InterruptedException {
    AtomicReference<EntryProcessor<String, Integer, Void>> processor = new AtomicReference<>();
    Cache<String, Integer> recorder =
        (Cache<String, Integer>)
            Proxy.newProxyInstance(
                BucketCheckChild.class.getClassLoader(),
                new Class<?>[] {Cache.class},
                (proxy, method, values) -> {
                  if (method.getName().equals("invoke")) {
                    processor.set((EntryProcessor<String, Integer, Void>) values[1]);
                  }
                  return method.getName().equals("get") ? CHECKED : null;
                });
    new CompatibilityTest(recorder).test();
    return processor.get();
  }
}
