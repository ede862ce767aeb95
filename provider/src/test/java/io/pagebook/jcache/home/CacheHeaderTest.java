package io.pagebook.jcache.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pagebook.book.PageBook;
import io.pagebook.book.RecordBuffer;
import io.pagebook.book.RecordCursor;
import java.nio.file.Path;
import java.util.HexFormat;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheHeaderTest {
  private static final CacheHeader HEADER = new CacheHeader("n\ud800", "K", "V", "java", 0);

  @TempDir Path directory;
  private PageBook book;

  @BeforeEach
  void open() {
    book = PageBook.open(directory.resolve("c.book"));
  }

  @AfterEach
  void close() {
    book.close();
  }

  @Test
  void itHasTheseBytes() {
    HEADER.attach(book.records());

    RecordBuffer record = new RecordBuffer();
    RecordCursor cursor = book.records().cursor();
    assertThat(cursor.next(record)).isTrue();
    assertThat(CacheHeader.is(record)).isTrue();
    assertThat(HexFormat.of().formatHex(record.key(), 0, record.keyLength())).isEqualTo("00");
    assertThat(record.type()).isEqualTo(255);
    assertThat(HexFormat.of().formatHex(record.value(), 0, record.valueLength()))
        .isEqualTo(
            "02"
                + "00000002006ed800"
                + "00000001004b"
                + "000000010056"
                + "00000004006a006100760061"
                + "00000000");
    assertThat(cursor.next(record)).isFalse();
  }

  @Test
  void theSameHeaderAttachesAgain() {
    HEADER.attach(book.records());
    HEADER.attach(book.records());

    assertThat(book.count()).isEqualTo(1);
  }

  @Test
  void anotherVersionIsRefused() {
    plant(255, (byte) 1);

    assertThatThrownBy(() -> HEADER.attach(book.records()))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("headerVersion=1");
  }

  @Test
  void nonsenseIsRefused() {
    plant(255, (byte) 2, (byte) 0x7F, (byte) 0, (byte) 0, (byte) 0);

    assertThatThrownBy(() -> HEADER.attach(book.records()))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("cannot be read");
  }

  private void plant(int type, byte... value) {
    RecordBuffer record = new RecordBuffer();
    record.startKey(1)[0] = 0;
    record.wrapValue(value, value.length);
    record.setType(type);
    book.records().put(record);
  }
}
