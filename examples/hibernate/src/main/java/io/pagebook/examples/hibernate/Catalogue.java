package io.pagebook.examples.hibernate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.h2.tools.Server;

/**
 * The play: a database server, two JVMs with Hibernate on it ({@link Branch}), and what each of
 * them sees of the other's changes in its second-level and query cache. The exit status is 0 if
 * everything was as claimed, and 1 if not.
 */
public final class Catalogue {
  private final List<String> failures = new ArrayList<>();

  private Catalogue() {}

  /** Takes nothing. */
  public static void main(String[] args) throws IOException, SQLException {
    Path directory = Files.createTempDirectory("pagebook-hibernate-");
    Server server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
    try {
      Catalogue catalogue = new Catalogue();
      catalogue.play(directory, "jdbc:h2:tcp://localhost:" + server.getPort() + "/mem:shop");
      catalogue.failures.forEach(System.out::println);
      System.exit(catalogue.failures.isEmpty() ? 0 : 1);
    } finally {
      server.stop();
      delete(directory);
    }
  }

  private void play(Path directory, String url) throws IOException {
    url += ";DB_CLOSE_DELAY=-1"; // in memory, and there as long as the server
    try (Jvm north = new Jvm("north", directory, url, "create");
        Jvm south = new Jvm("south", directory, url, "none")) {
      System.out.println("1. What one branch adds, the other has in its cache");
      north.ask("add 1 tea");
      north.ask("add 2 coffee");
      claim(south.ask("show 1"), "product 1: tea, 30 cents (statements=0)");

      System.out.println("2. An update in one is seen in the other, without asking the database");
      north.ask("rename 1 green tea");
      claim(south.ask("show 1"), "product 1: green tea, 30 cents (statements=0)");

      System.out.println("3. The result of a query is shared too, and outdated by an update");
      claim(north.ask("list 50"), "up to 50 cents: green tea (statements=1)");
      claim(south.ask("list 50"), "up to 50 cents: green tea (statements=0)");
      south.ask("add 3 milk");
      claim(north.ask("list 50"), "up to 50 cents: green tea, milk (statements=1)");
    }
  }

  private void claim(String found, String expected) {
    if (!found.equals(expected)) {
      failures.add("not as claimed: found=" + found + ", expected=" + expected);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> found = Files.walk(directory)) {
      List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    }
  }

  /** A branch's JVM. */
  private static final class Jvm implements AutoCloseable {
    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter commands;

    Jvm(String name, Path directory, String url, String schema) throws IOException {
      this.name = name;
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Dcatalogue.directory=" + directory,
                  "-cp",
                  System.getProperty("java.class.path"),
                  Branch.class.getName(),
                  url,
                  schema)
              .redirectError(Redirect.INHERIT)
              .start();
      answers = process.inputReader(StandardCharsets.UTF_8);
      commands = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
      answer();
    }

    String ask(String command) throws IOException {
      commands.println(command);
      String answer = answer();
      System.out.println("  [" + name + " " + process.pid() + "] " + command + " -> " + answer);
      return answer;
    }

    private String answer() throws IOException {
      String line = answers.readLine();
      if (line == null) {
        throw new IOException(name + " has ended: pid=" + process.pid());
      }
      return line;
    }

    /** Lets it end by itself; ten seconds later at the latest it is gone. */
    @Override
    public void close() {
      commands.close();
      try {
        if (!process.waitFor(10, java.util.concurrent.TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
