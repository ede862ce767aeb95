package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** One document for each mistake; {@code mistakes.csv} says which line and which words. */
class XmlMistakesTest extends DocumentTestBase {
  private static final String LIST = "/io/pagebook/jcache/xml/mistakes/mistakes.csv";
  private static final String NUL = "pagebook.test.nul"; // XML has no such character

  @BeforeEach
  void setProperty() {
    System.setProperty(NUL, "\0");
  }

  @AfterEach
  void clearProperty() {
    System.clearProperty(NUL);
  }

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(resources = LIST, delimiter = ';', quoteCharacter = '~')
  void eachIsOneExceptionAtStartUp(String name, int line, String words) {
    URI uri = resource("mistakes/" + name + ".xml");

    CacheException e =
        catchThrowableOfType(CacheException.class, () -> provider.getCacheManager(uri, null));

    assertThat(e).as(name).isNotNull();
    assertThat(e).hasMessageContaining("file=" + Path.of(uri) + ", line=" + line + "; ");
    assertThat(e.getMessage()).contains(words.split("\\|"));
    assertThat(e.getMessage()).hasSizeLessThan(1000);
  }

  @Test
  void eachIsInTheList() throws IOException {
    Path list = Path.of(resource("mistakes/mistakes.csv"));
    Set<String> listed;
    try (Stream<String> lines = Files.lines(list)) {
      listed =
          lines
              .map(line -> line.substring(0, line.indexOf(';')) + ".xml")
              .collect(Collectors.toSet());
    }
    listed.add("mistakes.csv");

    try (Stream<Path> files = Files.list(list.resolveSibling("."))) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrderElementsOf(listed);
    }
  }
}
