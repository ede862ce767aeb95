package io.pagebook.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadmeTest {
  private static final Pattern README_BLOCK = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern SNIPPET = Pattern.compile("(?s) *// snippet\n(.*?) *// end\n");

  @Test
  void readmeShowsTheCompiledSnippets() throws IOException {
    List<String> shown = groups(README_BLOCK, Files.readString(root().resolve("README.md")));
    List<String> compiled =
        groups(
            SNIPPET,
            Files.readString(Path.of("src/test/java/io/pagebook/examples/readme/Snippets.java")));

    assertThat(shown).isNotEmpty().isEqualTo(compiled);
  }

  @Test
  void snippetRuns(@TempDir Path directory) {
    assertThat(Snippets.shareACache(directory)).isEqualTo("one pot of tea");
  }

  @Test
  void bookSnippetRuns(@TempDir Path directory) {
    assertThat(Snippets.useABook(directory)).isEqualTo("good morning, all");
  }

  private static List<String> groups(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(ReadmeTest::withoutIndent).toList();
  }

  private static String withoutIndent(MatchResult block) {
    return block.group(1).stripTrailing().stripIndent();
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
