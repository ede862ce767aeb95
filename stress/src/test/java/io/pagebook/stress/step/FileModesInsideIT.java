package io.pagebook.stress.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.BookOptions;
import io.pagebook.stress.Stress;
import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import io.pagebook.testing.RemoteBook;
import io.pagebook.testing.Summary;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a process with the umask 000 makes on the disk is the owner's alone from the first moment
 * on: it is halted before each line of what makes files and directories, and at each halt
 * everything that is there is looked at, temporary names included. Nothing in between is wider.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FileModesInsideIT {
  private static final Path MEMORY = Path.of("/dev/shm");

  private static final Stepper.Plan MAKING =
      Stepper.Plan.ofLines(
              Stress.choose(3, 20),
              "BookOpener",
              "NewFile",
              "OwnerCheck",
              "Vacuum",
              "process.SideFile")
          // the JDK's part of it: what is done in more than one system call would be seen
          .andLines("sun.nio.fs.UnixChannelFactory", "sun.nio.fs.UnixFileSystemProvider");

  private static final Stepper.Plan PROVIDER =
      MAKING.andLines(
          "io.pagebook.jcache.home.OwnerOnly",
          "io.pagebook.jcache.home.SharedHome",
          "io.pagebook.jcache.home.PrivateDirectory");

  @RegisterExtension final CheckedBooks books = CheckedBooks.inSharedMemory();

  /** Names that were there at some halt, without the random part. */
  private final Set<String> seen = new TreeSet<>();

  private int halts;

  /** A process that makes caches. Arguments: a directory to practise with, another one. */
  static final class Cacher {
    private Cacher() {}

    public static void main(String[] args) throws ClassNotFoundException {
      Parent parent = Parent.connect();
      makeCaches(Path.of(args[0])).close();
      for (String name : PROVIDER.classes()) {
        Class.forName(name); // a breakpoint needs a loaded class
      }
      parent.say("ready");
      parent.hear();
      CachingProvider provider = makeCaches(Path.of(args[1]));
      parent.say("made");
      parent.hear();
      provider.close();
      System.exit(0);
    }

    private static CachingProvider makeCaches(Path directory) {
      CachingProvider provider = Caching.getCachingProvider();
      makeCache(provider, directory.toUri());
      makeCache(provider, null); // of the process alone, in a directory of its own
      return provider;
    }

    private static void makeCache(CachingProvider provider, @Nullable URI uri) {
      CacheManager manager = provider.getCacheManager(uri, null);
      Cache<String, String> cache = manager.createCache("cache", new MutableConfiguration<>());
      cache.put("key", "value");
    }
  }

  private static ChildJvm.Builder withOpenUmask(ChildJvm.Builder builder) {
    return builder.startedBy("sh", "-c", "umask 000; exec \"$@\"", "sh").jvmOption(Stepper.OPTION);
  }

  private static void assertOpenUmask(ChildJvm child) throws IOException {
    assertThat(Files.readAllLines(Path.of("/proc/" + child.pid() + "/status")))
        .contains("Umask:\t0000");
  }

  /** Looks at each halt at what is in those directories under names that begin so. */
  private void haltAllTheWay(Stepper stepper, Map<Path, String> beginnings) throws Exception {
    for (var step = stepper.next(); step.isPresent(); step = stepper.next()) {
      halts++;
      for (var beginning : beginnings.entrySet()) {
        try (DirectoryStream<Path> roots =
            Files.newDirectoryStream(beginning.getKey(), beginning.getValue() + "*")) {
          for (Path root : roots) {
            assertPrivate(root, step.get());
          }
        }
      }
    }
  }

  private void assertPrivate(Path root, String at) throws IOException {
    List<Path> entries;
    try (Stream<Path> tree = Files.walk(root)) {
      entries = tree.toList();
    }
    for (Path entry : entries) {
      seen.add(entry.getFileName().toString().replaceAll("[0-9a-f]{6,}", "N"));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(entry)))
          .as("mode of %s before %s", entry, at)
          .isEqualTo(Files.isDirectory(entry) ? "rwx------" : "rw-------");
    }
  }

  private void report(String what) {
    Summary.line("modes while %s: all private at each of %d halts; seen %s", what, halts, seen);
  }

  @Test
  void ofABookAndItsVacuum() throws Exception {
    Path practice = Files.createDirectory(books.directory().resolve("practice"));
    Path directory =
        Files.createDirectory(
            books.directory().resolve("in"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (RemoteBook remote = RemoteBook.start(withOpenUmask(RemoteBook.builder()))) {
      assertOpenUmask(remote.jvm());
      remote.openBook(practice.resolve("a.book"), BookOptions.DEFAULT).value();
      remote.call("vacuum").value();
      remote.closeBook().value();
      try (Stepper stepper = new Stepper(remote.jvm())) {
        stepper.begin(MAKING);
        remote.begin(
            "open", directory.resolve("a.book"), BookOptions.DEFAULT.pageSizeBytes(), 60_000);
        haltAllTheWay(stepper, Map.of(directory, ""));
        assertThat(remote.answer(ChildJvm.PATIENCE).value()).startsWith("created");
        for (int key = 0; key < 20; key++) {
          remote.put(new CheckedValue(key, 1, 1, 60_000)).value();
          remote.remove(key).value();
        }
        stepper.begin(MAKING);
        remote.begin("vacuum");
        haltAllTheWay(stepper, Map.of(directory, ""));
        assertThat(Long.parseLong(remote.answer(ChildJvm.PATIENCE).value())).isPositive();
        remote.closeBook().value();
      }
    }
    report("a book is made and vacuumed");
    assertThat(seen)
        .contains(
            "a.book",
            ".pagebook.locks",
            ".pagebook.locks.N",
            ".pagebook-new-N",
            ".pagebook-N-N",
            ".pagebook-old-N-N");
  }

  @Test
  void ofTheProvidersDirectories() throws Exception {
    Path practice = books.directory().resolve("practice").resolve("a");
    Path directory = books.directory().resolve("in").resolve("a").resolve("b");
    try (ChildJvm child =
        withOpenUmask(ChildJvm.of(Cacher.class)).arguments(practice, directory).start()) {
      child.awaitLine("ready");
      assertOpenUmask(child);
      String own = "pagebook-" + child.pid() + "-";
      try (Stepper stepper = new Stepper(child)) {
        stepper.begin(PROVIDER);
        child.send("go");
        haltAllTheWay(stepper, Map.of(books.directory(), "in", MEMORY, own));
        child.awaitLine("made");
        child.send("end");
        assertThat(child.awaitEnd(ChildJvm.PATIENCE)).isZero();
      }
    }
    report("caches are made");
    assertThat(seen).contains("in", "a", "b", ".pagebook.locks", ".pagebook-new-N", ".owner");
  }
}
