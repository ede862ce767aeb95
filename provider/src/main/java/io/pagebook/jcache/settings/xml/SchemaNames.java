package io.pagebook.jcache.settings.xml;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What the schema in the jar calls attributes, for messages: the validator tells only which one it
 * does not know. The schema is ours, so that its text has the form that these patterns expect.
 */
final class SchemaNames {
  private static final Pattern BASE = Pattern.compile("<xs:extension base=\"(\\w+)\"");
  private static final Pattern ATTRIBUTE = Pattern.compile("<xs:attribute name=\"([^\"]+)\"");

  private SchemaNames() {}

  /** The names of the attributes that an element may have; none if it is not known. */
  static List<String> attributesOf(String element) {
    String schema = text();
    List<String> names = new ArrayList<>();
    List<String> types =
        groups(Pattern.compile("<xs:element name=\"" + element + "\" type=\"(\\w+)\""), schema);
    while (!types.isEmpty()) {
      String type = types.get(0);
      String body =
          String.join(
              "",
              groups(
                  Pattern.compile(
                      "(?s)<xs:complexType name=\"" + type + "\">(.*?)</xs:complexType>"),
                  schema));
      names.addAll(groups(ATTRIBUTE, body));
      types = groups(BASE, body);
    }
    return names;
  }

  private static List<String> groups(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult match) -> match.group(1)).toList();
  }

  private static String text() {
    try (InputStream input = SchemaCheck.open()) {
      return new String(input.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
