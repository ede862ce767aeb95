package io.pagebook.jcache.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateDirectoryTest {
  @TempDir Path parent;

  @Test
  void onlyTheOwnerMayEnterAndNothingStays() throws IOException {
    PrivateDirectory directory = PrivateDirectory.createIn(parent);
    Path path = directory.path();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rwx------");
    Files.createFile(path.resolve("some.book"));

    directory.close();

    assertThat(path).doesNotExist();
  }

  @Test
  void whatADeadProcessLeftIsSwept() throws IOException {
    Path dead = Files.createDirectory(parent.resolve("pagebook-1-2-dead"));
    Files.createFile(dead.resolve(".owner"));
    Files.createFile(dead.resolve("some.book"));

    sweep();

    assertThat(dead).doesNotExist();
  }

  @Test
  void oneWithoutALockFileIsSweptWhenItIsOld() throws IOException {
    Path young = Files.createDirectory(parent.resolve("pagebook-1-2-young"));
    Path old = Files.createDirectory(parent.resolve("pagebook-1-2-old"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(1))));

    sweep();

    assertThat(young).exists();
    assertThat(old).doesNotExist();
  }

  @Test
  void thoseOfThisJvmAreLeftAlone() {
    PrivateDirectory first = PrivateDirectory.createIn(parent);
    sweep();
    sweep();

    assertThat(first.path()).exists();
    first.close();
  }

  @Test
  void othersAreLeftAlone() throws IOException {
    Path foreign = Files.createDirectory(parent.resolve("pagebook-notes"));
    Path file = Files.createFile(parent.resolve("pagebook-1-2-file"));
    Path target = Files.createDirectory(parent.resolve("target"));
    Files.createFile(target.resolve(".owner"));
    Path link = Files.createSymbolicLink(parent.resolve("pagebook-1-2-link"), target);

    sweep();

    assertThat(foreign).exists();
    assertThat(file).exists();
    assertThat(link).isSymbolicLink();
    assertThat(target.resolve(".owner")).exists();
  }

  @Test
  void anotherUsersAreLeftAlone() throws IOException {
    boolean superuser = Files.isReadable(Path.of("/proc/1/mem"));
    if (!superuser) {
      System.out.println("skipped, for only the superuser gives files away");
    }
    assumeTrue(superuser, "only the superuser gives files away");
    Path theirs = Files.createDirectory(parent.resolve("pagebook-1-2-theirs"));
    Files.createFile(theirs.resolve(".owner"));
    Files.setAttribute(theirs, "unix:uid", 65_534);

    sweep();

    assertThat(theirs.resolve(".owner")).exists();
  }

  @Test
  void whatADeadOnesLinksLeadToStays() throws IOException {
    Path dead = Files.createDirectory(parent.resolve("pagebook-1-2-dead"));
    Files.createFile(dead.resolve(".owner"));
    Path target = Files.createDirectory(parent.resolve("target"));
    Path file = Files.createFile(target.resolve("some.book"));
    Files.createSymbolicLink(dead.resolve("directory"), target);
    Files.createSymbolicLink(dead.resolve("some.book"), file);

    sweep();

    assertThat(dead).doesNotExist();
    assertThat(file).exists();
  }

  @Test
  void oneWhoseLockFileIsALinkIsLeftAlone() throws IOException {
    Path candidate = Files.createDirectory(parent.resolve("pagebook-1-2-linked"));
    Path target = Files.createFile(parent.resolve("target"));
    Files.createSymbolicLink(candidate.resolve(".owner"), target);

    sweep();

    assertThat(candidate.resolve(".owner")).isSymbolicLink();
    assertThat(target).exists();
  }

  private void sweep() {
    PrivateDirectory directory = PrivateDirectory.createIn(parent);
    directory.sweep();
    directory.close();
  }
}
