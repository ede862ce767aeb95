package io.pagebook.examples.twojvms;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A child's side of the conversation with {@link Child}: one command or answer a line. */
final class Commands {
  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

  /** The next command, or {@code null} when the parent has no more. */
  @Nullable String next() throws IOException {
    return in.readLine();
  }

  /** Whether a command waits. */
  boolean ready() throws IOException {
    return in.ready();
  }

  /** Prints a line; false if nobody listens any more. */
  static boolean say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
    return !System.out.checkError();
  }
}
