package io.pagebook.book.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** This start of the machine. */
public final class Boot {
  private static final UUID ID = read();

  private Boot() {}

  /** The ID that the kernel gives each start; all zeros where the system does not tell. */
  public static UUID id() {
    return ID;
  }

  private static UUID read() {
    try {
      return UUID.fromString(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim());
    } catch (IOException | IllegalArgumentException e) {
      return new UUID(0, 0);
    }
  }
}
