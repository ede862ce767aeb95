package io.pagebook.examples.twojvms;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The play: starts the other JVMs, tells each what to do next, and compares what they say. It never
 * opens the cache itself; see {@link Writer}, {@link Reader} and {@link Latecomer} for that.
 */
@Command(
    name = "./examples/run two-jvms",
    description = {
      "Two JVMs share a cache through plain JCache. One of them is killed with -9 in the middle of its writes;"
          + " the other goes on, and a third attaches to what is there.",
      "The exit status is 0 if everything was as claimed, and 1 if not."
    })
public final class TwoJvms implements Callable<Integer> {
  private static final int KILLED = 128 + 9;
  private static final int REPORTS_BEFORE_THE_KILL = 10;
  private static final int LONGEST_OPERATION_MS = 5_000;

  @Option(
      names = "--directory",
      description =
          "Where the cache lives; kept afterwards. Default: a temporary one, which is removed.")
  private @Nullable Path directory;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean helpWanted;

  private final Claims claims = new Claims();

  public static void main(String[] args) {
    System.exit(new CommandLine(new TwoJvms()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (directory != null) {
      play(Files.createDirectories(directory));
    } else {
      Path temporary = Files.createTempDirectory("pagebook-two-jvms-");
      try {
        play(temporary);
      } finally {
        delete(temporary);
      }
    }
    System.out.println("\nWas everything as claimed?");
    claims.print(System.out);
    return claims.allShown() ? 0 : 1;
  }

  private void play(Path where) throws IOException, InterruptedException {
    System.out.println("The cache lives in " + where);
    try (Child writer = new Child("writer", Writer.class, where);
        Child reader = new Child("reader", Reader.class, where)) {
      writer.await("ready");
      reader.await("ready");
      entriesCross(writer, reader);
      String checksum = largeValueCrosses(writer, reader);
      int finished = killInTheMiddle(writer, reader);
      survivorGoesOn(reader, finished);
      latecomerAttaches(where, checksum);
      claims.add("the survivor ended by itself, without an error", reader.finish() == 0);
    }
  }

  private void entriesCross(Child writer, Child reader) throws IOException, InterruptedException {
    System.out.println("\n1. Entries cross, both ways");
    writer.tell("greet");
    writer.await("put greeting");
    reader.tell("greet");
    Matcher got = reader.await("got greeting: (.*)");
    reader.await("put reply");
    writer.tell("get-reply");
    Matcher reply = writer.await("got reply: (.*)");
    claims.add(
        "each process saw the other's entry",
        got.group(1).startsWith("hello from") && reply.group(1).startsWith("hello back"));
  }

  private String largeValueCrosses(Child writer, Child reader)
      throws IOException, InterruptedException {
    System.out.println("\n2. A value of 10 MB crosses");
    writer.tell("put-large");
    Matcher put = writer.await("put large: characters=(\\d+), checksum=(\\w+), .*");
    reader.tell("get-large");
    Matcher got = reader.await("got large: characters=(\\d+), checksum=(\\w+), .*");
    claims.add(
        "a value of 10 MB arrived with the same checksum, " + got.group(2),
        got.group(1).equals(put.group(1)) && got.group(2).equals(put.group(2)));
    return put.group(2);
  }

  private int killInTheMiddle(Child writer, Child reader) throws IOException, InterruptedException {
    System.out.println("\n3. Both write; the writer is killed with -9 in the middle of it");
    reader.tell("read-and-write");
    writer.tell("put-for-ever");
    Matcher report = writer.await("finished put (\\d+)");
    for (int reports = 1; reports < REPORTS_BEFORE_THE_KILL; reports++) {
      report = writer.await("finished put (\\d+)");
    }
    int status = writer.kill();
    int finished = number(writer.last(report), 1);
    System.out.printf(Locale.ROOT, "  killed; it had reported put %d as finished%n", finished);
    claims.add("the writer was killed, exit status " + status, status == KILLED);
    return finished;
  }

  private void survivorGoesOn(Child reader, int finished) throws IOException, InterruptedException {
    System.out.println("\n4. The reader goes on, and looks at what the writer left");
    reader.tell("go-on " + finished);
    Matcher meanwhile = reader.await("meanwhile: reads=(\\d+), torn=(\\d+), puts=(\\d+)");
    Matcher found = reader.await("found of the writer: entries=(\\d+), torn=(\\d+), lost=(\\d+)");
    Matcher wrote = reader.await("wrote and read back: entries=(\\d+)");
    int longest = number(reader.await("longest operation: ms=(\\d+)"), 1);
    claims.add(
        "no value was torn, before the kill or after it",
        number(meanwhile, 1) > 0 && number(meanwhile, 2) == 0 && number(found, 2) == 0);
    claims.add(
        "nothing that a finished put stored was lost",
        number(found, 1) == Writer.KEYS && number(found, 3) == 0);
    claims.add(
        "the survivor went on writing, and read back what it wrote",
        number(meanwhile, 3) > 0 && number(wrote, 1) == Reader.OWN_ENTRIES);
    claims.add(
        "its longest operation took " + longest + " ms, the kill included",
        longest < LONGEST_OPERATION_MS);
  }

  private void latecomerAttaches(Path where, String checksum)
      throws IOException, InterruptedException {
    System.out.println("\n5. A third JVM attaches to what is there");
    try (Child latecomer = new Child("latecomer", Latecomer.class, where)) {
      latecomer.await("attached: .*");
      Matcher counted = latecomer.await("counted: entries=(\\d+), torn=(\\d+)");
      Matcher large = latecomer.await("got large: checksum=(\\w+)");
      int status = latecomer.finish();
      // the greeting, the reply and the large value are entries too
      int expected = Writer.KEYS + Reader.OWN_ENTRIES + 3;
      claims.add(
          "a third JVM counted all "
              + expected
              + " entries, whole and with the large one unchanged",
          number(counted, 1) == expected
              && number(counted, 2) == 0
              && large.group(1).equals(checksum)
              && status == 0);
    }
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> found = Files.walk(directory)) {
      List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    }
  }
}
