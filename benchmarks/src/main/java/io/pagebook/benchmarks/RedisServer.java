package io.pagebook.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Redis server of its own on the loopback interface, which keeps nothing on disk. It ends with
 * this object, or with this JVM if that ends first.
 */
final class RedisServer implements AutoCloseable {
  private static final String PROGRAM = "redis-server";

  static final String NOT_INSTALLED =
      "program is not on the PATH: name=" + PROGRAM + ", fix=apt-get install redis-server";

  private static final String READY = "Ready to accept connections";
  private static final long PATIENCE_SECONDS = 10;

  private final int port;
  private final Process process;
  private final Thread reaper;

  RedisServer(Path directory) {
    if (!isInstalled()) {
      throw new IllegalStateException(NOT_INSTALLED);
    }
    try {
      port = freePort();
      process =
          new ProcessBuilder(command(directory, port))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.PIPE)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reaper = new Thread(process::destroyForcibly, "redis reaper");
    Runtime.getRuntime().addShutdownHook(reaper);
    awaitReady();
  }

  /** Whether the program is on the PATH. */
  static boolean isInstalled() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, PROGRAM)));
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(reaper);
  }

  private static List<String> command(Path directory, int port) {
    return List.of(
        PROGRAM,
        "--port",
        Integer.toString(port),
        "--bind",
        InetAddress.getLoopbackAddress().getHostAddress(),
        "--dir",
        directory.toString(),
        "--save",
        "",
        "--appendonly",
        "no");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Reads what the server says until it is ready; it says little afterwards. */
  private void awaitReady() {
    StringBuilder said = new StringBuilder();
    try {
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String line = lines.readLine();
      while (line != null && !line.contains(READY)) {
        said.append(line).append(System.lineSeparator());
        line = lines.readLine();
      }
      if (line == null) {
        throw new IllegalStateException("redis does not start: port=" + port + ", said=" + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
