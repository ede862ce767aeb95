package io.pagebook.book.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who a process is, beyond its ID, which containers repeat: start time (clock ticks since boot) and
 * PID namespace (inode number). A number that the system does not tell is 0.
 */
record ProcessIdentity(long pid, long startTime, long namespace) {
  private static final ProcessIdentity SELF = readSelf();

  static ProcessIdentity self() {
    return SELF;
  }

  /**
   * Whether the process with this identity runs, as far as this process can see into its namespace.
   */
  boolean isSeenAlive() {
    if (namespace == 0 || namespace != SELF.namespace) {
      return false;
    }
    try {
      String[] fields = statFields(Path.of("/proc", Long.toString(pid), "stat"));
      boolean dead = fields[0].equals("Z") || fields[0].equals("X") || fields[0].equals("x");
      return !dead && Long.parseLong(fields[19]) == startTime;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /** Whether this process could see the other one at all. */
  boolean sharesNamespace() {
    return namespace != 0 && namespace == SELF.namespace;
  }

  private static ProcessIdentity readSelf() {
    long pid = ProcessHandle.current().pid();
    try {
      long startTime = Long.parseLong(statFields(Path.of("/proc/self/stat"))[19]);
      String link = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
      long namespace = Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
      return new ProcessIdentity(pid, startTime, namespace);
    } catch (IOException | RuntimeException e) {
      return new ProcessIdentity(pid, 0, 0);
    }
  }

  /** The fields of a stat file from the third (state) on: the second, the name, may hold blanks. */
  private static String[] statFields(Path stat) throws IOException {
    String line = Files.readString(stat);
    return line.substring(line.lastIndexOf(')') + 2).trim().split(" ");
  }
}
