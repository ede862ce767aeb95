package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.layout.ShardLayout;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the checker says and ends with when it is a command. */
final class BookCheckerCommandTest {
  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private String sound;

  @BeforeEach
  void open() {
    sound = directory.resolve("sound").toString();
    try (PageBook book = PageBook.open(Path.of(sound))) {
      book.putString(1, "one");
      book.putString(2, "two");
    }
  }

  private int run(String... files) {
    return BookChecker.run(
        List.of(files),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(errors, true, StandardCharsets.UTF_8));
  }

  @Test
  void soundBook() {
    assertThat(run(sound)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith(sound + ": sound: records=2, pages=")
        .hasLineCount(1);
  }

  @Test
  void brokenBookAmongSoundOnes() {
    Path broken = directory.resolve("broken");
    try (PageBook book = PageBook.open(broken, BookOptions.DEFAULT.withShards(1))) {
      book.putString(1, "one");
      Inside.context(book)
          .memory()
          .putLongVolatile(Inside.geometry(book).shard(0) + ShardLayout.RECORDS_OFFSET, 17);
    }
    assertThat(run(sound, broken.toString(), sound)).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(broken + ": records is wrong: written=17, found=1")
        .contains(broken + ": unsound: violations=1, records=")
        .hasLineCount(4);
  }

  @Test
  void missingBookIsNotCreated() {
    Path missing = directory.resolve("missing");
    assertThat(run(missing.toString(), sound)).isEqualTo(2);
    assertThat(errors.toString(StandardCharsets.UTF_8))
        .contains(missing + ": there is no book to check");
    assertThat(missing).doesNotExist();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains(sound + ": sound");
  }

  @Test
  void help() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("Usage:", "status");
    assertThat(run()).isEqualTo(2);
    assertThat(errors.toString(StandardCharsets.UTF_8)).contains("Usage:");
  }
}
