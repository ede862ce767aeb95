package io.pagebook.book.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in a side file, as the file has it. */
final class SideFileTest {
  @Test
  void newFile(@TempDir Path directory) throws IOException {
    long id;
    try (SideFile sideFile = SideFile.open(directory, true)) {
      id = sideFile.id();
    }
    assertThat(id).isBetween(0L, (1L << 50) - 1);
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(directory.resolve(".pagebook.locks"))))
        .isEqualTo("534b434f4c425047" + HexFormat.of().toHexDigits(id));
  }

  @Test
  void fileThatIsThere(@TempDir Path directory) throws IOException {
    byte[] content = "SKCOLBPG\0\1\2\3\4\5\6\7".getBytes(StandardCharsets.US_ASCII);
    Files.write(directory.resolve(".pagebook.locks"), content);
    try (SideFile sideFile = SideFile.open(directory, true)) {
      assertThat(sideFile.id()).isEqualTo(0x0001_0203_0405_0607L);
    }
    assertThat(Files.readAllBytes(directory.resolve(".pagebook.locks"))).isEqualTo(content);
  }
}
