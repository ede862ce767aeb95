package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.PageBook;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import io.pagebook.testing.Seeds;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One JVM writes, another one reads through a hot near-cache. Write n puts n under key n modulo
 * {@link #KEYS}; when its call has returned, the writer stores n in a word that both have mapped. A
 * read that starts after that must see n or more.
 */
@SuppressWarnings(
    "ThreadPriorityCheck") // a processor that is not needed is given away: there may be one only
class NearCacheAcrossJvmsIT {
  private static final int KEYS = 16;
  private static final int BATCH = 100;
  private static final int TRIES = 1_000_000;
  private static final Duration LONGEST = Duration.ofSeconds(12);
  private static final int KILLS = 8;
  private static final int VACUUMS_WANTED = 4;
  private static final int WRITES_PER_VACUUM = 100;
  private static final int WRITES_PER_LIFE = 500;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** The last write whose call has returned. */
  private static final int WRITTEN = 0;

  /** The last write that the reader knew of when it read. */
  private static final int SEEN = 1;

  private static final int STOP = 2;
  private static final int VACUUMS = 3;

  /** How long a writer waits for the reader, in rounds of a spin: some tens of microseconds. */
  private static final int LONGEST_WAIT = 2_000;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  private Path directory;

  @BeforeEach
  void prepare() {
    directory = books.directory();
    books.checkAllIn(directory);
  }

  /** What a reader has seen. */
  private final long[] lastSeen = new long[KEYS];

  private long reads;
  private long freshReads;

  @Test
  void noReadSeesAnOldValue() {
    SharedWords words = SharedWords.open(words());
    try (PageBookCachingProvider provider = new PageBookCachingProvider();
        ChildJvm writer = writer(0)) {
      PageBookCache<String, Long> cache = cache(NearManagers.create(provider, directory));
      writer.awaitLine("writing", PATIENCE);
      long start = System.nanoTime();
      while ((freshReads < TRIES || reads < TRIES)
          && (System.nanoTime() - start < LONGEST.toNanos() || reads < TRIES)) {
        readSome(cache, words, new SplittableRandom(reads));
      }
      words.set(STOP, 1);
      writer.awaitLine("stopped", PATIENCE);
      report("two JVMs", cache, start);
      System.out.println("writes: " + words.get(WRITTEN));
    }
    assertThat(reads).as("reads").isGreaterThanOrEqualTo(TRIES);
    assertThat(freshReads).as("first reads after a write").isGreaterThan(TRIES / 20);
  }

  @Test
  void noReadSeesAnOldValueWhileWritersDieAndVacuum() {
    SplittableRandom random = Seeds.random("NearCacheAcrossJvmsIT");
    SharedWords words = SharedWords.open(words());
    try (PageBookCachingProvider provider = new PageBookCachingProvider()) {
      PageBookCache<String, Long> cache = cache(NearManagers.create(provider, directory));
      long start = System.nanoTime();
      int kills = 0;
      while (kills < KILLS || words.get(VACUUMS) < VACUUMS_WANTED) {
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
        try (ChildJvm writer = writer(WRITES_PER_VACUUM)) {
          writer.awaitLine("writing", PATIENCE);
          long end = words.get(WRITTEN) + random.nextInt(WRITES_PER_LIFE);
          while (words.get(WRITTEN) < end && writer.isAlive()) {
            readSome(cache, words, random);
          }
          writer.kill();
          kills++;
        }
        readSome(cache, words, random);
      }
      report("under fire", cache, start);
      System.out.println(
          "kills: "
              + kills
              + ", vacuums: "
              + words.get(VACUUMS)
              + ", writes: "
              + words.get(WRITTEN));
    }
    assertThat(freshReads).as("first reads after a write").isGreaterThan(KILLS);
  }

  private void readSome(
      PageBookCache<String, Long> cache, SharedWords words, SplittableRandom random) {
    for (int i = 0; i < BATCH; i++) {
      long written = words.get(WRITTEN);
      boolean fresh = written != words.get(SEEN) && written > 0;
      // mostly the key just written, else any: they lie in different shards
      int key = (int) ((fresh || (i & 1) == 0 ? written : random.nextInt(KEYS)) % KEYS);
      long least = written - Math.floorMod(written - key, KEYS);
      Long value = cache.get(key(key));
      if (least > 0 && (value == null || value < least || value < lastSeen[key])) {
        throw new AssertionError(
            "old value: key="
                + key
                + ", value="
                + value
                + ", least="
                + least
                + ", seen before="
                + lastSeen[key]);
      }
      lastSeen[key] = value == null ? 0 : value;
      words.set(SEEN, written);
      reads++;
      freshReads += fresh ? 1 : 0;
    }
    Thread.yield(); // where there are fewer processors than threads, the writer needs one
  }

  /** Tells how it was, and that the near-cache was there. */
  private void report(String what, PageBookCache<?, ?> cache, long start) {
    long nearHits = reads - cache.nearBookReads();
    System.out.printf(
        Locale.ROOT,
        "near-cache, %s: reads=%,d, of them the first after a write=%,d, near hits at least=%,d, in %,d ms%n",
        what,
        reads,
        freshReads,
        nearHits,
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    assertThat(nearHits).as("near hits").isGreaterThan(reads / 2);
  }

  private ChildJvm writer(int writesPerVacuum) {
    return ChildJvm.of(Writer.class)
        .arguments(directory.toUri(), words(), writesPerVacuum)
        .heap("128m")
        .start();
  }

  private Path words() {
    return directory.resolve("words");
  }

  private static String key(long number) {
    return "key " + number;
  }

  private static PageBookCache<String, Long> cache(PageBookCacheManager manager) {
    return manager.createCache(
        "numbers", new MutableConfiguration<String, Long>().setTypes(String.class, Long.class));
  }

  /** Runs in the children. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) {
      Parent parent = Parent.connect();
      SharedWords words = SharedWords.open(Path.of(arguments[1]));
      int writesPerVacuum = Integer.parseInt(arguments[2]);
      PageBookCachingProvider provider = new PageBookCachingProvider();
      PageBookCache<String, Long> cache =
          cache(provider.getCacheManager(URI.create(arguments[0]), null));
      PageBook book = cache.unwrap(PageBook.class);
      parent.say("writing");
      // a writer before may have died in this write: it is the same again
      for (long n = words.get(WRITTEN) + 1; words.get(STOP) == 0; n++) {
        cache.put(key(n % KEYS), n);
        words.set(WRITTEN, n);
        for (int i = 0; i < LONGEST_WAIT && words.get(SEEN) < n; i++) {
          Thread.onSpinWait();
        }
        if (words.get(SEEN) < n) {
          Thread.yield();
        }
        if (writesPerVacuum != 0 && n % writesPerVacuum == 0) {
          book.putBytes(1, new byte[4_000_000]);
          book.remove(1);
          if (book.vacuum() > 0) {
            words.set(VACUUMS, words.get(VACUUMS) + 1);
          }
        }
      }
      provider.close();
      parent.say("stopped");
    }
  }
}
