package io.pagebook.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.pagebook.book.layout.BookLayout;
import io.pagebook.book.layout.PageMapWord;
import io.pagebook.book.layout.SlotLayout;
import io.pagebook.book.memory.PageMemory;
import io.pagebook.testing.CheckedBooks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A vacuum copies the participants' slots to the new file. Whoever comes or goes meanwhile leaves
 * no slot behind: its process lives, so nobody would ever take it back.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SlotsAfterVacuumTest {
  private static final int PAGES = 3;

  @RegisterExtension final CheckedBooks books = CheckedBooks.inTemporaryDirectory();
  private PageBook book;

  @BeforeEach
  void open() {
    book = books.open("a.book");
  }

  private void fillAndVacuum() {
    for (int id = 0; id < 30; id++) {
      book.putBytes(id, new byte[50_000]);
    }
    for (int id = 0; id < 30; id++) {
      book.remove(id);
    }
    assertThat(book.vacuum()).isPositive();
  }

  private List<Integer> usedSlots() {
    book.putString(1, "one"); // follows
    List<Integer> used = new ArrayList<>();
    for (int slot = 0; slot < BookLayout.SLOTS; slot++) {
      long at = Inside.geometry(book).slot(slot);
      long word = Inside.memory(book).getLongVolatile(at + SlotLayout.WORD_OFFSET);
      if (SlotLayout.state(word) == SlotLayout.STATE_USED) {
        used.add(slot);
      }
    }
    return used;
  }

  @Test
  void closerThatDidNotSeeTheVacuum() {
    for (int round = 0; round < 3; round++) {
      PageBook other = PageBook.open(books.file("a.book"));
      fillAndVacuum();
      other.close();
    }
    assertThat(usedSlots()).containsExactly(0);
  }

  @Test
  void openersAndClosersDuringVacuums() {
    AtomicBoolean stop = new AtomicBoolean();
    try (Workers workers = new Workers()) {
      for (int i = 0; i < 3; i++) {
        workers.start(
            "opener",
            () -> {
              while (!stop.get()) {
                PageBook.open(books.file("a.book")).close();
              }
            });
      }
      for (int round = 0; round < 20; round++) {
        fillAndVacuum();
      }
      stop.set(true);
      workers.join();
    }
    assertThat(usedSlots()).containsExactly(0);
  }

  /**
   * Whoever had the slot in the new file before has died there with pages that he had reserved;
   * nobody reclaims a slot whose kernel lock is held. The checker would find them.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pagesOfADeadHolderInTheNewFile(boolean closesAtOnce) {
    PageBook late = books.open("a.book");
    Inside.withoutHousekeeper(late);
    int slot = late.openBook().file().self().slot();
    long dead = late.openBook().file().self().incarnation() + 1;
    fillAndVacuum();
    book.putString(1, "one"); // follows
    long page = Inside.context(book).pool().reserve(PAGES);
    PageMemory memory = Inside.memory(book);
    memory.putLongVolatile(
        Inside.geometry(book).mapWord(page), PageMapWord.reserved(PAGES, slot, dead));
    memory.putLongVolatile(
        Inside.geometry(book).slot(slot) + SlotLayout.WORD_OFFSET,
        SlotLayout.word(SlotLayout.STATE_USED, dead));
    assertThat(late.getString(1)).isEqualTo("one"); // follows
    if (!closesAtOnce) {
      late.openBook().reclaimDead();
      assertThat(memory.getLongVolatile(Inside.geometry(book).mapWord(page)))
          .isEqualTo(PageMapWord.FREE);
    }
    late.close();
    books.check();
    assertThat(usedSlots()).containsExactly(0);
  }

  @Test
  void participantThatMovesOnIsAnotherIncarnationThere() {
    PageBook other = books.open("a.book");
    long before = other.openBook().file().self().incarnation();
    fillAndVacuum();
    other.putString(2, "two");
    assertThat(other.openBook().file().self().incarnation()).isGreaterThan(before);
    assertThat(other.openBook().file().self().slot()).isEqualTo(1);
    assertThat(usedSlots()).containsExactly(0, 1);
  }
}
