package io.pagebook.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That a {@link CheckedValue} notices what it is for. */
final class CheckedValueTest {
  @ParameterizedTest
  @ValueSource(ints = {32, 33, 39, 40, 41, 100, 287, 288, 289, 1000, 3333})
  void everyFlippedByteIsNoticed(int length) {
    CheckedValue value = new CheckedValue(-7, 3, 1L << 40, length);
    byte[] bytes = value.encode();
    assertThat(CheckedValue.decode(-7, bytes)).isEqualTo(value);
    for (int i = 0; i < length; i++) {
      byte[] flipped = bytes.clone();
      flipped[i] ^= 1;
      assertThatThrownBy(() -> CheckedValue.decode(-7, flipped)).isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void mixedAndCutValuesAreNoticed() {
    byte[] older = new CheckedValue(1, 1, 1, 4000).encode();
    byte[] newer = new CheckedValue(1, 1, 2, 4000).encode();
    byte[] mixed = newer.clone();
    System.arraycopy(older, 2000, mixed, 2000, 1000);
    assertThatThrownBy(() -> CheckedValue.decode(1, mixed)).hasMessageContaining("torn");
    assertThatThrownBy(() -> CheckedValue.decode(1, Arrays.copyOf(newer, 3999)))
        .hasMessageContaining("torn");
    assertThatThrownBy(() -> CheckedValue.decode(1, new byte[0])).hasMessageContaining("torn");
    assertThatThrownBy(() -> CheckedValue.decode(2, newer)).hasMessageContaining("another key");
  }
}
