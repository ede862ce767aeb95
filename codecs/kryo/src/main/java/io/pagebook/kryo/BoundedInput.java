package io.pagebook.kryo;

import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.io.Input;

/**
 * The bytes of one record. No length is believed that they cannot fill, and the array is only read.
 */
/*
 * Kryo writes every length as a positive varint and allocates before it reads elements. Integers of applications are
 * varints of the other kind, or come through readInt, and class numbers are single bytes (RuledResolver).
 */
final class BoundedInput extends Input {
  private static final byte[] NOTHING = {};
  private static final int RETAINED_CHARACTERS = 1 << 16;
  private static final int INITIAL_CHARACTERS = 32;

  private final Lengths lengths = new Lengths();
  private int bytes;

  BoundedInput() {
    super(NOTHING);
  }

  void open(byte[] source, int offset, int length) {
    setBuffer(source, offset, length);
    bytes = length;
    lengths.reset();
  }

  /** Lets go of the array, and of an outsized one of its own. */
  void release() {
    setBuffer(NOTHING);
    if (chars.length > RETAINED_CHARACTERS) {
      chars = new char[INITIAL_CHARACTERS];
    }
  }

  /** Unlike the original, leaves the array as it is when there is not enough. */
  @Override
  protected int require(int required) {
    int remaining = limit - position;
    if (remaining < required) {
      throw new KryoException("record ends too early: missing=" + (required - remaining));
    }
    return remaining;
  }

  @Override
  public int readInt(boolean optimizePositive) {
    return super.readVarInt(optimizePositive);
  }

  @Override
  public int readVarInt(boolean optimizePositive) {
    int value = super.readVarInt(optimizePositive);
    if (optimizePositive) {
      addLength(value);
    }
    return value;
  }

  @Override
  public int readVarIntFlag(boolean optimizePositive) {
    int value = super.readVarIntFlag(optimizePositive);
    addLength(value);
    return value;
  }

  private void addLength(int length) {
    lengths.add(length);
    if (lengths.exceed(bytes)) {
      throw new KryoException(
          "strings and collections claim more elements than the record has bytes: bytes=" + bytes);
    }
  }
}
