package io.pagebook.jcache.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.Parent;
import io.pagebook.testing.SmallDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process's private directory stays as long as it lives, and no longer than until the next one
 * comes.
 */
class PrivateDirectoryIT {
  @TempDir Path parent;

  @Test
  void theDirectoryOfAKilledProcessIsSweptAndThatOfALivingOneIsNot() {
    try (ChildJvm child = ChildJvm.of(Owner.class).arguments(parent.toString()).start()) {
      Path path = Path.of(child.awaitLine("path ").substring("path ".length()));
      sweep();
      assertThat(path).isDirectory();

      child.kill();

      await()
          .untilAsserted(
              () -> {
                sweep();
                assertThat(path).doesNotExist();
              });
    }
  }

  @Test
  void aProcessThatEndsWithoutClosingLeavesNothing() {
    try (ChildJvm child = ChildJvm.of(Owner.class).arguments(parent.toString()).start()) {
      Path path = Path.of(child.awaitLine("path ").substring("path ".length()));

      child.send("end");

      await().until(() -> !child.isAlive());
      assertThat(path).doesNotExist();
    }
  }

  /** As in a container, whose memory for shared files is small. */
  @Test
  void smallMemoryIsLeftAlone() throws IOException {
    for (long bytes : new long[] {64 << 20, 256 << 20}) {
      try (ChildJvm child =
          ChildJvm.of(Owner.class)
              .startedBy(SmallDisk.at(Path.of("/dev/shm"), bytes).owner())
              .systemProperty("java.io.tmpdir", parent.toString())
              .start()) {
        assertThat(child.awaitLine("path "))
            .startsWith("path " + (bytes == 64 << 20 ? parent.toString() : "/dev/shm/"));
        child.send("end");
        assertThat(child.awaitEnd(ChildJvm.PATIENCE)).isZero();
      }
    }
  }

  private void sweep() {
    PrivateDirectory own = PrivateDirectory.createIn(parent);
    own.sweep();
    own.close();
  }

  /** Runs in the child. */
  static final class Owner {
    private Owner() {}

    public static void main(String[] arguments) {
      Parent process = Parent.connect();
      PrivateDirectory directory =
          arguments.length == 0
              ? PrivateDirectory.create()
              : PrivateDirectory.createIn(Path.of(arguments[0]));
      process.say("path " + directory.path());
      process.hear();
      System.exit(0);
    }
  }
}
