package io.pagebook.benchmarks.hitrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class TraceTest {
  @TempDir private Path directory;

  @Test
  void readsNumbersOfTextAndLeavesOtherLinesOut() throws IOException {
    Path file = directory.resolve("a.trace.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("*\n 7 \n8\nx9\n\n7\n".getBytes(StandardCharsets.US_ASCII));
    }

    Trace trace = Trace.read(file);

    assertThat(trace.keys()).containsExactly(7, 8, 7);
    assertThat(trace.distinct()).isEqualTo(2);
    assertThat(trace.name()).isEqualTo("a.trace.gz");
  }

  @Test
  void readsBinaryNumbers() throws IOException {
    Path file = directory.resolve("b.trace.xz");
    try (DataOutputStream out =
        new DataOutputStream(
            new XZOutputStream(Files.newOutputStream(file), new LZMA2Options(0)))) {
      out.writeInt(1);
      out.writeInt(-2);
    }

    assertThat(Trace.read(file).keys()).containsExactly(1, -2);
  }

  @Test
  void findsTracesByNameInOrder() throws IOException {
    Path second = Files.createFile(directory.resolve("b.trace.xz"));
    Path first = Files.createFile(directory.resolve("a.trace.gz"));
    Files.createFile(directory.resolve("README"));

    assertThat(Trace.filesIn(directory)).containsExactly(first, second);
    assertThat(Trace.filesIn(second)).containsExactly(second);
  }

  @Test
  void theSyntheticTraceIsWrittenAsItIsPlayed() throws IOException {
    assertThat(Trace.read(SyntheticTrace.write(directory, 3)).keys())
        .isEqualTo(SyntheticTrace.generate(3));
  }
}
