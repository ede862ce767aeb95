package io.pagebook.book.memory;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** One thing that a process did to the files of a directory; equal to itself only. */
public final class StoreEvent {
  private static final byte[] NO_BYTES = {};

  private final Kind kind;
  private final String file;
  private final long position;
  private final byte[] bytes;
  private final String text;

  StoreEvent(Kind kind, String file, long position, byte[] bytes, String text) {
    this.kind = kind;
    this.file = file;
    this.position = position;
    this.bytes = bytes;
    this.text = text;
  }

  /** What was done. */
  public enum Kind {
    PLAIN,
    RELEASE,
    VOLATILE,
    FENCE,
    LENGTH,
    /** A file got a name. */
    NAME,
    /** A file was renamed over another one. */
    MOVE,
    /** A name went. */
    UNNAME
  }

  static StoreEvent of(Kind kind, String file, String name) {
    return new StoreEvent(kind, file, 0, NO_BYTES, name);
  }

  public Kind kind() {
    return kind;
  }

  /** What identifies the file; of {@link Kind#MOVE} the name that it had. */
  public String file() {
    return file;
  }

  /** Where the bytes are; of {@link Kind#LENGTH} the new length. */
  public long position() {
    return position;
  }

  /** What was stored; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Who did it; of names the name. */
  public String text() {
    return text;
  }

  /** Whether it stores bytes. */
  public boolean isStore() {
    return kind == Kind.PLAIN || kind == Kind.RELEASE || kind == Kind.VOLATILE;
  }

  public boolean isName() {
    return kind == Kind.NAME || kind == Kind.MOVE || kind == Kind.UNNAME;
  }

  /** Whether both store in the same place. */
  public boolean overlaps(StoreEvent other) {
    return file.equals(other.file)
        && position < other.position + other.bytes.length
        && other.position < position + bytes.length;
  }

  void write(DataOutput out) throws IOException {
    out.writeUTF(kind.name());
    out.writeUTF(file);
    out.writeLong(position);
    out.writeInt(bytes.length);
    out.write(bytes);
    out.writeUTF(text);
  }

  /** Reads what {@link #write} wrote. */
  public static StoreEvent read(DataInput in) throws IOException {
    Kind kind = Kind.valueOf(in.readUTF());
    String file = in.readUTF();
    long position = in.readLong();
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return new StoreEvent(kind, file, position, bytes, in.readUTF());
  }
}
