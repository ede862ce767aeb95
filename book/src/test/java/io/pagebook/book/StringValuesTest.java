package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.ChildJvm;
import io.pagebook.testing.RemoteBook;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Strings come back as they were, whatever is in them and whoever reads them. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StringValuesTest {
  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  static Stream<Map.Entry<String, String>> strings() {
    StringBuilder everyUnit = new StringBuilder(1 << 16);
    for (int unit = 0; unit < 1 << 16; unit++) {
      everyUnit.append((char) unit);
    }
    return Stream.of(
        Map.entry("ASCII", "plain"),
        Map.entry("NUL inside", "\0a\0"),
        Map.entry("latin 1", "\u00E4\u00F6\u00FC\u00DF\u00FF\u0080\u009F"),
        Map.entry("one unit beyond latin 1", "aaaaaaaa\u0100"),
        Map.entry("byte order mark", "\uFEFFa\uFFFE"),
        Map.entry("emoji", "\uD83D\uDE00 \uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67"),
        Map.entry("unpaired high surrogate", "a\uD83D"),
        Map.entry("unpaired low surrogate", "\uDE00a"),
        Map.entry("surrogates the wrong way round", "\uDE00\uD83D"),
        Map.entry("every code unit", everyUnit.toString()),
        Map.entry("long latin 1", "\u00E9".repeat(300_001)),
        Map.entry("long UTF-16", "\u20AC".repeat(300_001)));
  }

  @ParameterizedTest
  @MethodSource("strings")
  void comeBackUnchanged(Map.Entry<String, String> string) {
    String text = string.getValue();
    for (int pageSize : new int[] {1 << 10, 1 << 12}) {
      PageBook book =
          books.open(pageSize + ".book", BookOptions.DEFAULT.withPageSizeBytes(pageSize));
      book.putString(1, text);
      assertThat(text.equals(book.getString(1))).isTrue();
      assertThat(book.stringLength(1)).isEqualTo(text.length());
    }
  }

  @Test
  void areStoredInTheNarrowerForm() {
    PageBook book = books.open("a.book");
    book.putString(1, "\u00E4".repeat(100));
    assertThat(book.getBytes(1))
        .isEqualTo("\u00E4".repeat(100).getBytes(StandardCharsets.ISO_8859_1));
    book.putString(1, "\u20AC".repeat(100));
    assertThat(book.getBytes(1))
        .isEqualTo("\u20AC".repeat(100).getBytes(StandardCharsets.UTF_16LE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"US-ASCII", "ISO-8859-1", "UTF-8"})
  void defaultCharsetOfAProcessDoesNotMatter(String charset) {
    PageBook book = books.open("a.book");
    ChildJvm.Builder jvm = RemoteBook.builder().systemProperty("file.encoding", charset);
    try (RemoteBook remote = RemoteBook.start(jvm)) {
      assertThat(Charset.forName(remote.charset())).isEqualTo(Charset.forName(charset));
      remote.openBook(books.file("a.book"), BookOptions.DEFAULT).value();
      int id = 0;
      for (Map.Entry<String, String> string :
          strings().filter(s -> s.getValue().length() < 1000).toList()) {
        String text = string.getValue();
        book.putString(id, text);
        assertThat(remote.getString(id)).as(string.getKey()).isEqualTo(text);
        remote.putString(id + 1000, text).value();
        assertThat(book.getString(id + 1000)).as(string.getKey()).isEqualTo(text);
        id++;
      }
    }
  }
}
