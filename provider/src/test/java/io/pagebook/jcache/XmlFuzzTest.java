package io.pagebook.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pagebook.testing.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a document says, it is the configuration or one exception with its file and a line. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class XmlFuzzTest extends DocumentTestBase {
  private static final int DOCUMENTS = Boolean.getBoolean("pagebook.stress") ? 50_000 : 1_000;
  private static final String[] PIECES = {
    "<",
    ">",
    "/>",
    "&",
    "&lt;",
    "&#0;",
    "&#x10FFFF;",
    "\"",
    "${",
    "}",
    "${user.name}",
    "]]>",
    "<!--",
    "<![CDATA[",
    "<?x y?>",
    "<!DOCTYPE a>",
    "-1",
    "0",
    "9223372036854775808",
    "NaN",
    "\u0000",
    "\ud800",
    "xmlns=\"\"",
    "<cache name=\"x\"/>"
  };

  @Test
  void damagedDocuments() throws IOException {
    SplittableRandom random = Seeds.random("damaged documents");
    byte[] sample = Files.readAllBytes(Path.of(resource("sample.xml")));
    System.setProperty(BOOKS, parent.resolve("books").toString());
    int refused = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      byte[] document = sample.clone();
      for (int n = 1 + random.nextInt(random.nextInt(4) == 0 ? 8 : 1); n > 0; n--) {
        document = mutate(document, random);
      }
      refused += isRefused("document " + i, document) ? 1 : 0;
    }
    assertThat(refused).isBetween(DOCUMENTS / 2, DOCUMENTS - 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;\">]><a>&c;</a>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
        "<?xml version=\"1.1\"?><a/>",
        "<?xml version=\"1.0\" encoding=\"nonsense\"?><a/>",
        ""
      })
  void hostileDocuments(String text) throws IOException {
    assertThat(isRefused(text, text.getBytes(StandardCharsets.UTF_8))).isTrue();
  }

  @Test
  void largeDocuments() throws IOException {
    int many = 200_000; // longer ones are not read at all
    for (String text :
        new String[] {
          "<a>".repeat(many),
          "<a " + "b".repeat(many) + "=\"1\"/>",
          "<a b=\"" + "c".repeat(many) + "\"/>",
          "<" + "a".repeat(many) + "/>",
          "<a>" + "<b/>".repeat(many) + "</a>",
          "<a>" + "&#65;".repeat(many) + "</a>"
        }) {
      String shown = text.substring(0, 20);
      assertThat(isRefused(shown, text.getBytes(StandardCharsets.UTF_8))).as(shown).isTrue();
    }
    StringBuilder attributes = new StringBuilder("<a");
    for (int i = 0; i < 50_000; i++) {
      attributes.append(" a").append(i).append("=\"\"");
    }
    assertThat(
            isRefused(
                "attributes", attributes.append("/>").toString().getBytes(StandardCharsets.UTF_8)))
        .isTrue();
  }

  private boolean isRefused(String what, byte[] document) throws IOException {
    Path file = Files.write(parent.resolve("fuzzed.xml"), document);
    Throwable e = catchThrowable(() -> provider.getCacheManager(file.toUri(), null).close());
    if (e == null) {
      return false;
    }
    assertThat(e)
        .as(
            "%s: %s",
            what,
            new String(document, 0, Math.min(4_000, document.length), StandardCharsets.ISO_8859_1))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("file=" + file)
        .hasMessageContaining("line=");
    assertThat(e.getMessage()).as(what).hasSizeLessThan(2_000);
    return true;
  }

  private static byte[] mutate(byte[] bytes, SplittableRandom random) {
    if (bytes.length == 0) {
      return bytes; // what came before has left nothing
    }
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(6)) {
      case 0 -> {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        return bytes;
      }
      case 1 -> {
        return splice(bytes, at, Math.min(bytes.length, at + random.nextInt(100)), new byte[0]);
      }
      case 2 -> {
        int from = random.nextInt(bytes.length);
        byte[] piece =
            Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + random.nextInt(300)));
        return splice(bytes, at, at, piece);
      }
      case 3 -> {
        return Arrays.copyOf(bytes, 1 + at);
      }
      case 4 -> {
        byte[] digits = {(byte) ('0' + random.nextInt(10))};
        int digit = at;
        while (digit < bytes.length && !Character.isDigit(bytes[digit])) {
          digit++;
        }
        return splice(
            bytes, Math.min(digit, bytes.length - 1), Math.min(digit + 1, bytes.length), digits);
      }
      default -> {
        return splice(
            bytes, at, at, PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** The bytes with those from {@code from} to {@code to} replaced. */
  private static byte[] splice(byte[] bytes, int from, int to, byte[] piece) {
    byte[] result = new byte[bytes.length - (to - from) + piece.length];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(piece, 0, result, from, piece.length);
    System.arraycopy(bytes, to, result, from + piece.length, bytes.length - to);
    return result;
  }
}
