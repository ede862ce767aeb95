package io.pagebook.kryo;

import com.esotericsoftware.kryo.kryo5.io.Output;

/**
 * The bytes of one record, and whether {@link BoundedInput} may refuse them: it does if they claim
 * too much, but a claim is counted here that may be no length, since some of Kryo's serialisers
 * write other numbers in the same way.
 */
final class BoundedOutput extends Output {
  private final Lengths lengths = new Lengths();

  BoundedOutput(int initialBytes) {
    super(initialBytes, -1);
  }

  @Override
  public void reset() {
    super.reset();
    lengths.reset();
  }

  /** Whether the record may claim more than its bytes can hold. */
  boolean isSuspect() {
    return lengths.exceed(total());
  }

  @Override
  public int writeVarInt(int value, boolean optimizePositive) {
    if (optimizePositive) {
      lengths.add(value);
    }
    return super.writeVarInt(value, optimizePositive);
  }

  @Override
  public int writeVarIntFlag(boolean flag, int value, boolean optimizePositive) {
    lengths.add(value);
    return super.writeVarIntFlag(flag, value, optimizePositive);
  }
}
