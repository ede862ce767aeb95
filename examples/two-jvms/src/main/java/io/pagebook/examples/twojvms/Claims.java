package io.pagebook.examples.twojvms;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the example says of Pagebook, and whether it was so. */
final class Claims {
  private final List<Claim> claims = new ArrayList<>();

  void add(String text, boolean shown) {
    claims.add(new Claim(text, shown));
  }

  boolean allShown() {
    return claims.stream().allMatch(Claim::shown);
  }

  void print(PrintStream out) {
    for (Claim claim : claims) {
      out.printf(Locale.ROOT, "  %-4s %s%n", claim.shown() ? "yes" : "NO", claim.text());
    }
  }

  private record Claim(String text, boolean shown) {}
}
