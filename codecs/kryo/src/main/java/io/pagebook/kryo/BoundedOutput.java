package io.pagebook.kryo;

import com.esotericsoftware.kryo.kryo5.io.Output;

/** What {@link BoundedInput} reads, held to the same bound. */
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

  /** Refuses what could not be read back. */
  void checkLengths() {
    lengths.check(total());
  }

  @Override
  public int writeInt(int value, boolean optimizePositive) {
    return super.writeVarInt(value, optimizePositive);
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
