package io.pagebook.benchmarks;

import io.pagebook.book.PageBook;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Counts the blocks on disk for each entry, of a store that ages by replacements. */
@Command(
    name = "space",
    sortOptions = false,
    description = {
      "Counts the bytes on disk for each entry of a store that ages.",
      "Entries have 8-byte keys and 100 characters; the IDs of PAGEBOOK are 4 bytes, so "
          + "PAGEBOOK_RECORDS is the one to compare. Allocated blocks are counted, with the store "
          + "closed: after loading, after rounds of as many random replacements as there are "
          + "entries, and, of a book, after a vacuum. The replacements are of the same length in "
          + "one run and of 50 to 150 characters in another."
    })
final class Space implements Callable<Integer> {
  private static final Set<StoreKind> BOOKS =
      EnumSet.of(StoreKind.PAGEBOOK, StoreKind.PAGEBOOK_RECORDS);

  private static final String UNIT = "bytes/entry";

  @Option(
      names = "--stores",
      split = ",",
      paramLabel = "STORE",
      description = "Of those with files (default: CHRONICLE_MAP,PAGEBOOK,PAGEBOOK_RECORDS).")
  private Set<StoreKind> stores =
      EnumSet.of(StoreKind.CHRONICLE_MAP, StoreKind.PAGEBOOK, StoreKind.PAGEBOOK_RECORDS);

  @Option(
      names = "--entries",
      defaultValue = "1000000",
      description = "How many entries each store holds (default: ${DEFAULT-VALUE}).")
  private int entries;

  @Option(
      names = "--rounds",
      defaultValue = "10",
      description = "Rounds of replacements (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "Where to put the files, instead of in memory.")
  private @Nullable Path parent;

  @Mixin final HelpOption help = new HelpOption();

  private final Run run;

  Space(Run run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    Findings findings =
        new Findings("space", Directories.place(parent))
            .with("entries", entries)
            .with("rounds", rounds);
    for (StoreKind store : new TreeSet<>(stores)) {
      if (!store.hasFiles()) {
        throw new IllegalArgumentException(
            "a store on the heap has no files: store=" + store + "; name others with --stores");
      }
      measure(store, true, findings);
      measure(store, false, findings);
    }
    run.keep(findings);
    return 0;
  }

  private void measure(StoreKind store, boolean sameLength, Findings findings) {
    Path directory = Directories.createIn(parent);
    String lengths = sameLength ? "of the same length" : "of 50 to 150 characters";
    System.err.printf(Locale.ROOT, "%s, %s%n", store.label(), lengths);
    try {
      Loader.loadElsewhere(store, directory, entries);
      double loaded = bytesEach("loaded", directory);
      if (sameLength) { // it is the same for both
        findings.add(title("loaded"), store, UNIT, List.of(loaded));
      }
      double replaced = loaded;
      for (int round = 1; round <= rounds; round++) {
        Replacer.replaceElsewhere(store, directory, entries, sameLength, round);
        replaced = bytesEach("round " + round, directory);
      }
      String after = String.format(Locale.ROOT, "after %d rounds %s", rounds, lengths);
      findings.add(title(after), store, UNIT, List.of(replaced));
      if (BOOKS.contains(store)) {
        try (PageBook book = PageBook.open(PageBookStore.file(directory))) {
          book.vacuum();
        }
        double rest = bytesEach("after vacuum", directory);
        findings.add(title(after), store.label() + ", vacuum", store, UNIT, List.of(rest));
      }
    } finally {
      Directories.delete(directory);
    }
  }

  private String title(String what) {
    return String.format(Locale.ROOT, "%s, %,d entries", what, entries);
  }

  private double bytesEach(String what, Path directory) {
    double each = (double) Directories.allocatedBytes(directory) / entries;
    System.err.printf(Locale.ROOT, "  %s: %.1f bytes an entry%n", what, each);
    return each;
  }
}
