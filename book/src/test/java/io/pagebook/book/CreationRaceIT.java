package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.testing.CheckedBooks;
import io.pagebook.testing.CheckedValue;
import io.pagebook.testing.RemoteBook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Eight JVMs open one book that does not exist, at once: one creates it, all share it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CreationRaceIT {
  private static final int JVMS = 8;
  private static final int ROUNDS = 6;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();

  @Test
  void allAgree() {
    List<RemoteBook> remotes = new ArrayList<>();
    for (int i = 0; i < JVMS; i++) {
      remotes.add(books.closing(RemoteBook.start()));
    }
    for (int round = 0; round < ROUNDS; round++) {
      race(remotes, "round" + round + ".book", round);
    }
    for (RemoteBook remote : remotes) {
      assertThat(remote.exit()).as("standard error").isEmpty();
    }
  }

  private void race(List<RemoteBook> remotes, String name, int round) {
    for (int i = 0; i < JVMS; i++) {
      // each wants another page size; the creator's wins
      remotes.get(i).begin("open", books.file(name), 1 << (10 + i), PATIENCE.toMillis());
    }
    int created = 0;
    List<String> pageSizes = new ArrayList<>();
    for (RemoteBook remote : remotes) {
      String[] answer = remote.answer(PATIENCE).value().split(" ", -1);
      created += answer[0].equals("created") ? 1 : 0;
      pageSizes.add(answer[1]);
    }
    assertThat(created).as("creators").isEqualTo(1);
    assertThat(pageSizes).containsOnly(pageSizes.get(0));
    List<CheckedValue> values = new ArrayList<>();
    for (int i = 0; i < JVMS; i++) {
      CheckedValue value = new CheckedValue(i, i, round, 1000 << i);
      values.add(value);
      remotes.get(i).begin("put", i, value.writer(), value.sequence(), value.length());
    }
    for (RemoteBook remote : remotes) {
      assertThat(remote.answer(PATIENCE).value()).isEqualTo("false");
    }
    for (RemoteBook remote : remotes) {
      for (int i = 0; i < JVMS; i++) {
        assertThat(remote.get(i)).isEqualTo(values.get(i));
      }
      assertThat(remote.count()).isEqualTo(JVMS);
    }
    books.check();
    for (int i = 0; i < JVMS; i += 2) {
      remotes.get(i).closeBook().value();
    }
    assertThat(remotes.get(1).get(0)).isEqualTo(values.get(0));
    for (int i = 1; i < JVMS; i += 2) {
      remotes.get(i).closeBook().value();
    }
  }
}
