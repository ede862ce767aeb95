package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.cache.Cache;
import org.junit.jupiter.api.Test;

/** What the documents tell about configuration is what is tested here. */
class DocumentationTest extends DocumentTestBase {
  private static final Pattern BLOCK = Pattern.compile("(?s)```xml\n(.*?)```");
  private static final Pattern SCHEMA_NAME =
      Pattern.compile("<xs:(?:element|attribute) name=\"([^\"]+)\"");

  @Test
  void theGuideShowsTheSample() {
    assertThat(blocks("docs/configuration.md"))
        .containsExactly(read(Path.of(resource("sample.xml"))));
  }

  @Test
  void theReadmeShowsADocumentThatRuns() {
    assertThat(blocks("README.md")).containsExactly(read(Path.of(resource("readme.xml"))));
    System.setProperty(BOOKS, parent.toString());

    Cache<Long, String> orders =
        provider
            .getCacheManager(resource("readme.xml"), null)
            .getCache("orders", Long.class, String.class);
    orders.put(1L, "one pot of tea");

    assertThat(orders.get(1L)).isEqualTo("one pot of tea");
  }

  @Test
  void theGuideNamesAllThatTheSchemaHas() {
    String schema =
        read(
            root().resolve("provider/src/main/resources/io/pagebook/jcache/pagebook-config-1.xsd"));
    String guide = read(root().resolve("docs/configuration.md"));
    TreeSet<String> names =
        new TreeSet<>(SCHEMA_NAME.matcher(schema).results().map(m -> m.group(1)).toList());

    assertThat(names)
        .hasSizeGreaterThan(40)
        .allSatisfy(name -> assertThat(guide).containsPattern("\\b" + name + "\\b"));
  }

  private static Stream<String> blocks(String file) {
    return BLOCK
        .matcher(read(root().resolve(file)))
        .results()
        .map((MatchResult block) -> block.group(1));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The directory of the whole build. */
  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve(".mvn"))) {
      directory = directory.getParent();
    }
    return directory;
  }
}
