package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.PageBook;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import io.pagebook.testing.SmallDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What others may have laid down in {@code /dev/shm} under the name of this user's directory of
 * shared books. Each child has a {@code /dev/shm} of its own, so that nobody's books are disturbed.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForeignDirectoryIT {
  private static final long DISK_BYTES =
      256L << 20; // of a tmpfs, which takes no more than is in it
  private static final Path MEMORY = Path.of("/dev/shm");

  @TempDir Path directory;
  private ChildJvm child;

  @BeforeEach
  void start() throws IOException {
    Path document =
        Files.writeString(
            directory.resolve("x.xml"),
            "<pagebook xmlns=\"urn:pagebook:config:1\">\n"
                + "<directory placement=\"memory\" name=\"shop\"/>\n<cache name=\"c\"/></pagebook>");
    child =
        ChildJvm.of(User.class)
            .startedBy(SmallDisk.at(MEMORY, DISK_BYTES).owner())
            .arguments(document)
            .start();
    child.awaitLine("ready");
  }

  @AfterEach
  void end() {
    if (child != null) {
      child.close();
    }
  }

  @Test
  void oneOfAnotherOwnerIsRefused() {
    assertThat(refusal("foreign"))
        .contains("kind=directory", "mode=rwx------", "have its owner remove it")
        .doesNotContain("owner=root");
  }

  @Test
  void oneThatAnybodyMayWriteToIsRefused() {
    assertThat(refusal("writable"))
        .contains("kind=directory", "mode=rwxrwxrwx", "chmod 700")
        .contains("owner=" + System.getProperty("user.name"));
  }

  @Test
  void oneThatTheGroupMayWriteToIsRefused() {
    assertThat(refusal("group")).contains("mode=rwxrwx---", "chmod 700");
  }

  @Test
  void aLinkIsRefused() {
    assertThat(refusal("link")).contains("kind=symbolic link", "remove it");
  }

  @Test
  void aLinkThatLeadsNowhereIsRefused() {
    assertThat(refusal("dangling")).contains("kind=symbolic link", "remove it");
  }

  @Test
  void aFileIsRefused() {
    assertThat(refusal("file")).contains("kind=file", "remove it");
  }

  /** A private manager looks for no name: it makes one, and leaves what others have made alone. */
  @Test
  void aPrivateManagerMakesItsOwn() {
    for (String kind : List.of("foreign", "writable", "link", "dangling", "file")) {
      child.send("private " + kind);
      assertThat(child.awaitLine("made")).startsWith("made /dev/shm/pagebook-");
    }
  }

  private String refusal(String kind) {
    child.send("shared " + kind);
    String answer = child.nextLine(ChildJvm.PATIENCE);
    assertThat(answer)
        .startsWith("refused ")
        .contains(
            "placement is not possible",
            "directory is not this user's alone: directory=/dev/shm/pagebook.",
            directory.resolve("x.xml") + "");
    child.send("shared own"); // and this is possible
    assertThat(child.nextLine(ChildJvm.PATIENCE)).startsWith("made /dev/shm/pagebook.");
    return answer;
  }

  /** Runs in the child, as the superuser of its mounts. */
  static final class User {
    private static final int NOBODY = 65_534;
    private static final Path ELSEWHERE = MEMORY.resolve("elsewhere");

    private User() {}

    public static void main(String[] arguments) throws IOException {
      Parent parent = Parent.connect();
      Path document = Path.of(arguments[0]);
      Path mine = MEMORY.resolve("pagebook." + Files.getOwner(Path.of("/proc/self/")).getName());
      parent.say("ready");
      while (true) {
        String[] command = parent.hear().split(" ", 2);
        deleteAll();
        Files.createDirectory(ELSEWHERE);
        prepare(mine, command[1]);
        String before = everything();
        String answer = command[0].equals("private") ? openPrivate() : open(document);
        if (!command[1].equals("own") && !everything().equals(before)) {
          answer = "changed: before=" + before + ", after=" + everything();
        }
        parent.say(answer.replace('\n', ' '));
      }
    }

    private static void prepare(Path mine, String kind) throws IOException {
      switch (kind) {
        case "own" -> {}
        case "file" -> Files.writeString(mine, "notes");
        case "link" -> Files.createSymbolicLink(mine, ELSEWHERE);
        case "dangling" -> Files.createSymbolicLink(mine, ELSEWHERE.resolve("none"));
        case "foreign" -> {
          makeWith(mine, "rwx------");
          Files.setAttribute(mine, "unix:uid", NOBODY);
        }
        case "writable" -> makeWith(mine, "rwxrwxrwx");
        case "group" -> makeWith(mine, "rwxrwx---");
        default -> throw new IllegalArgumentException(kind);
      }
    }

    private static void makeWith(Path directory, String mode) throws IOException {
      Files.createDirectory(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
    }

    private static String open(Path document) {
      try (PageBookCachingProvider provider = new PageBookCachingProvider()) {
        PageBookCache<Object, Object> cache =
            provider.getCacheManager(document.toUri(), null).getCache("c");
        cache.put("k", "v");
        return "made " + cache.unwrap(PageBook.class).file();
      } catch (CacheException e) {
        return "refused " + e.getMessage();
      }
    }

    private static String openPrivate() {
      try (PageBookCachingProvider provider = new PageBookCachingProvider()) {
        PageBookCache<Object, Object> cache =
            provider.getCacheManager().createCache("c", new MutableConfiguration<>());
        cache.put("k", "v");
        return "made " + cache.unwrap(PageBook.class).file();
      }
    }

    /** Names, owners and modes of all that is there. */
    private static String everything() throws IOException {
      try (Stream<Path> tree = Files.walk(MEMORY)) {
        TreeMap<Path, String> all = new TreeMap<>();
        for (Path path : new TreeSet<>(tree.toList())) {
          PosixFileAttributes found =
              Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
          all.put(
              path,
              found.owner().getName() + " " + PosixFilePermissions.toString(found.permissions()));
        }
        return all.toString();
      }
    }

    private static void deleteAll() throws IOException {
      try (Stream<Path> tree = Files.walk(MEMORY)) {
        tree.sorted((a, b) -> b.compareTo(a))
            .filter(path -> !path.equals(MEMORY))
            .forEach(User::delete);
      }
    }

    private static void delete(Path path) {
      try {
        Files.delete(path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
