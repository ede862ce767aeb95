package io.pagebook.testing;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A child JVM's line to the test that started it: says lines on standard output and hears lines on
 * standard input, in UTF-8 whatever the default charset. When the test closes the line, or dies,
 * the child halts.
 */
public final class Parent {
  private static final int EXIT_ORPHANED = 3;
  private static final long PATIENCE_S = 120;

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  private Parent() {}

  /** Starts to listen. Once per JVM. */
  public static Parent connect() {
    Parent parent = new Parent();
    Thread listener = new Thread(parent::listen, "listener to the parent");
    listener.setDaemon(true);
    listener.start();
    return parent;
  }

  public void say(String line) {
    synchronized (out) {
      // one write: a kill leaves the whole line, or nothing of it
      out.print(line + '\n');
      out.flush();
    }
  }

  /** The next line of the parent; a parent that is silent for too long counts as gone. */
  public String hear() {
    try {
      String line = heard.poll(PATIENCE_S, TimeUnit.SECONDS);
      if (line == null) {
        Runtime.getRuntime().halt(EXIT_ORPHANED);
        throw new AssertionError("unreachable");
      }
      return line;
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while listening to the parent", e);
    }
  }

  /** Whether the parent has said something that was not heard yet. */
  public boolean hasSpoken() {
    return !heard.isEmpty();
  }

  private void listen() {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        heard.add(line);
      }
    } catch (IOException e) {
      // as good as the end of the stream
    }
    Runtime.getRuntime().halt(EXIT_ORPHANED);
  }
}
