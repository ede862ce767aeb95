package io.pagebook.jcache.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BookFileNameTest {

  @Test
  void plainNamesStandForThemselves() {
    assertThat(BookFileName.of("orders-2_v1.2")).isEqualTo("orders-2_v1.2.book");
  }

  @Test
  void anythingElseIsEscaped() {
    assertThat(BookFileName.of("a/b")).isEqualTo("a%2fb.book");
    assertThat(BookFileName.of("../x")).isEqualTo("%2e.%2fx.book");
    assertThat(BookFileName.of("\u00e9")).isEqualTo("%u00e9.book");
    assertThat(BookFileName.of("a%2fb")).isEqualTo("a%252fb.book");
    assertThat(BookFileName.of("a~b")).isEqualTo("a%7eb.book");
    assertThat(BookFileName.of("")).isEqualTo("%.book");
    assertThat(BookFileName.of("\0")).isEqualTo("%00.book");
  }

  @Test
  void noTwoNamesShareAFile() {
    String many = "n".repeat(300);
    List<String> names =
        List.of(
            "",
            "%",
            ".",
            "..",
            "a",
            "A",
            "a.b",
            "a/b",
            "a%2fb",
            "\ud800",
            "?",
            "\udc00",
            many,
            many + "x",
            "x" + many,
            many.substring(1),
            "\ud83d\ude00".repeat(100),
            "\ud83d\ude00".repeat(101),
            "a b",
            "a  b");
    Set<String> files = new HashSet<>();
    names.forEach(name -> files.add(BookFileName.of(name)));

    assertThat(files).hasSameSizeAs(names);
    assertThat(files)
        .allMatch(file -> file.length() <= BookFileName.MAX_LENGTH)
        .allMatch(file -> file.matches("[A-Za-z0-9%_.~-]+"))
        .noneMatch(file -> file.startsWith("."));
  }

  @Test
  void namesOfEveryLengthFit() {
    for (int length = 0; length < 400; length++) {
      assertThat(BookFileName.of("n".repeat(length)).length())
          .isLessThanOrEqualTo(BookFileName.MAX_LENGTH);
      assertThat(BookFileName.of("\u00e9".repeat(length)).length())
          .isLessThanOrEqualTo(BookFileName.MAX_LENGTH);
    }
  }
}
