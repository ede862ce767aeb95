package io.pagebook.jcache.settings.xml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceholdersTest {
  private static final Map<String, String> PROPERTIES =
      Map.of("a", "A", "a.b", "AB", "empty", "", "raw", "${a}", "env.BOTH", "property");
  private static final Map<String, String> ENVIRONMENT =
      Map.of("HOME", "/root", "BOTH", "variable");

  @ParameterizedTest
  @CsvSource({
    "nothing, nothing",
    "${a}, A",
    "x${a}y${a.b}z, xAyABz",
    "${env.HOME}, /root",
    "${env.BOTH}, property",
    "${HOME:no}, no",
    "${missing:a:b}, a:b",
    "${missing:}, ''",
    "'${empty}', ''",
    "${empty:default}, ''",
    "${missing:${a}}, A",
    "${missing:x${also:y${a}}z}, xyAz",
    "${raw}, ${a}",
    "$${a}, ${a}",
    "$${a}${a}, ${a}A",
    "$a}, $a}",
    "$$, $$",
    "{}$, {}$"
  })
  void expands(String text, String expected) {
    Attribute attribute = new Attribute("cache", "name", text, new Location("x.xml", 1));

    assertThat(new Placeholders(PROPERTIES::get, ENVIRONMENT::get).expand(attribute).value())
        .isEqualTo(expected);
  }
}
