package io.pagebook.jcache.settings.xml;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Replaces <code>${name}</code> and <code>${name:default}</code> in values: by the system property,
 * or the environment variable X for <code>${env.X}</code>, else by the default, which may hold
 * placeholders. What a placeholder stands for is not expanded again. <code>$${</code> is a literal
 * <code>${</code>.
 */
final class Placeholders {
  private static final String START = "${";
  private static final String ENVIRONMENT = "env.";
  private static final int MAX_DEPTH = 8;

  /** Bounds what the patterns of the schema are matched with. */
  private static final int MAX_LENGTH = 4096;

  private final Function<String, @Nullable String> properties;
  private final Function<String, @Nullable String> environment;

  Placeholders(
      Function<String, @Nullable String> properties,
      Function<String, @Nullable String> environment) {
    this.properties = properties;
    this.environment = environment;
  }

  /** Those of this JVM. */
  static Placeholders ofProcess() {
    return new Placeholders(System::getProperty, System::getenv);
  }

  Attribute expand(Attribute attribute) {
    String expanded = attribute.value();
    if (expanded.length() <= MAX_LENGTH && expanded.contains(START)) {
      expanded = expand(expanded, attribute, 0);
    }
    if (expanded.length() > MAX_LENGTH) {
      throw attribute.error("value is too long", "use at most " + MAX_LENGTH + " characters");
    }
    return new Attribute(attribute.element(), attribute.name(), expanded, attribute.location());
  }

  private String expand(String text, Attribute attribute, int depth) {
    if (depth > MAX_DEPTH) {
      throw attribute.error(
          "placeholders are nested too deep", "nest at most " + MAX_DEPTH + " defaults");
    }
    StringBuilder result = new StringBuilder();
    int position = 0;
    while (true) {
      int start = text.indexOf(START, position);
      if (start < 0) {
        return result.append(text, position, text.length()).toString();
      }
      if (start > position && text.charAt(start - 1) == '$') {
        result.append(text, position, start - 1).append(START);
        position = start + START.length();
      } else {
        int end = end(text, start + START.length());
        if (end < 0) {
          throw attribute.error(
              "placeholder has no end", "close it with }, or write $${ for a literal ${");
        }
        String body = text.substring(start + START.length(), end);
        result.append(text, position, start).append(value(body, attribute, depth));
        position = end + 1;
      }
    }
  }

  private String value(String body, Attribute attribute, int depth) {
    int colon = body.indexOf(':');
    String name = colon < 0 ? body : body.substring(0, colon);
    if (name.isEmpty()) {
      throw attribute.error("placeholder has no name", "name a system property, as ${user.home}");
    }
    String value = properties.apply(name);
    if (value == null && name.startsWith(ENVIRONMENT)) {
      value = environment.apply(name.substring(ENVIRONMENT.length()));
    }
    if (value != null) {
      return value;
    }
    if (colon >= 0) {
      return expand(body.substring(colon + 1), attribute, depth + 1);
    }
    throw attribute.error(
        "placeholder has no value",
        "set the system property "
            + name
            + (name.startsWith(ENVIRONMENT) ? ", or the environment variable" : "")
            + ", or give a default as ${"
            + name
            + ":default}");
  }

  /** Where the brace is that closes a placeholder, with those inside skipped; or -1. */
  private static int end(String text, int from) {
    int open = 1;
    for (int i = from; i < text.length(); i++) {
      if (text.startsWith(START, i)) {
        open++;
      } else if (text.charAt(i) == '}' && --open == 0) {
        return i;
      }
    }
    return -1;
  }
}
