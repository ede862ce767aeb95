package io.pagebook.testing;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A small file system that fills up for real: a tmpfs that one child JVM, and those that join it,
 * see at a directory, in a mount namespace of theirs. It goes with the last of them.
 */
public final class SmallDisk {
  private static final String FILLER = "filler";

  private final Path directory;
  private final String mount;

  private SmallDisk(Path directory, String mount) {
    this.directory = directory;
    this.mount = mount;
  }

  /** One of so many bytes; where nothing can be mounted the test is skipped, and says so. */
  public static SmallDisk at(Path directory, long bytes) {
    return new SmallDisk(
            directory, "mount -t tmpfs -o size=" + bytes + ",mode=777 none '" + directory + "'")
        .assumed();
  }

  /** An ordinary one that the kernel's list of mounts calls one of the given type. */
  public static SmallDisk named(Path directory, String type, Path list) {
    return new SmallDisk(
            directory,
            String.format(
                Locale.ROOT,
                "mount -t tmpfs -o size=8m none '%1$s'"
                    + " && sed 's# %1$s tmpfs # %1$s %2$s #' /proc/self/mounts > '%3$s'"
                    + " && mount --bind '%3$s' /proc/$$/mounts",
                directory,
                type,
                list))
        .assumed();
  }

  private SmallDisk assumed() {
    List<String> trial = new ArrayList<>(List.of(owner()));
    trial.add("true");
    String refusal = refusal(trial);
    if (!refusal.isEmpty()) {
      System.out.println("skipped, for nothing can be mounted here: " + refusal);
    }
    Assumptions.assumeTrue(refusal.isEmpty(), "nothing can be mounted here: " + refusal);
    return this;
  }

  private static String refusal(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(new File("/dev/null"))
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = process.waitFor(20, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 ? "" : "command=" + command + ", said=" + output;
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e.toString();
    }
  }

  /** What starts the child that mounts it. */
  public String[] owner() {
    return new String[] {"unshare", "-m", "sh", "-c", mount + " && exec \"$0\" \"$@\""};
  }

  /** What starts another child that sees it. */
  public static String[] guestOf(ChildJvm owner) {
    return new String[] {"nsenter", "-t", Long.toString(owner.pid()), "-m"};
  }

  /** The file of that name on it, as its owner sees it. */
  public Path file(String name) {
    return directory.resolve(name);
  }

  /** The directory, as others see it while {@code owner} lives. */
  public Path seenThrough(ChildJvm owner) {
    return Path.of("/proc/" + owner.pid() + "/root").resolve(directory.toString().substring(1));
  }

  /** Fills it up to the given number of bytes; repeated, changes what is left. */
  public void fillBut(ChildJvm owner, long bytes) {
    try {
      Path filler = seenThrough(owner).resolve(FILLER);
      Files.deleteIfExists(filler);
      long left = filler.getParent().toFile().getUsableSpace() - bytes;
      try (RandomAccessFile file = new RandomAccessFile(filler.toFile(), "rw")) {
        byte[] zeros = new byte[1 << 12];
        for (long at = 0; at + zeros.length <= left; at += zeros.length) {
          file.write(zeros);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void makeRoom(ChildJvm owner) {
    try {
      Files.deleteIfExists(seenThrough(owner).resolve(FILLER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
