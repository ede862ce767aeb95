package io.pagebook.book;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything that a book refuses. Each message reads {@code what is wrong: key=value,
 * ..., file=path; what to do}, and each kind of refusal has a type of its own, so that a caller can
 * tell a full disk from a foreign file without reading text.
 */
public abstract sealed class BookException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private BookException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The file is not a book at all (wrong magic, a directory, an empty or foreign file). */
  public static final class NotABook extends BookException {
    @Serial private static final long serialVersionUID = 1L;

    public NotABook(String message) {
      super(message, null);
    }
  }

  /** The book was written by a format version that this code does not read. */
  public static final class UnsupportedVersion extends BookException {
    @Serial private static final long serialVersionUID = 1L;

    public UnsupportedVersion(String message) {
      super(message, null);
    }
  }

  /**
   * The book breaks an invariant of its own format: truncated, overwritten, or written by a
   * stranger.
   */
  public static final class Corrupt extends BookException {
    @Serial private static final long serialVersionUID = 1L;

    public Corrupt(String message) {
      super(message, null);
    }

    public Corrupt(String message, Throwable cause) {
      super(message, cause);
    }

    /** What led outside the file, or to half a word: a position in the book that is none. */
    static Corrupt at(Object file, RuntimeException cause) {
      return new Corrupt(
          "a position in the book leads nowhere: reason="
              + cause.getMessage()
              + ", file="
              + file
              + "; check the book, and restore a copy or destroy it",
          cause);
    }
  }

  /** The record does not fit: the book's maximum size is reached, or the file system is full. */
  public static final class Full extends BookException {
    @Serial private static final long serialVersionUID = 1L;

    public Full(String message) {
      super(message, null);
    }

    public Full(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The key or the value is larger than this book can ever hold. */
  public static final class TooLarge extends BookException {
    @Serial private static final long serialVersionUID = 1L;

    public TooLarge(String message) {
      super(message, null);
    }
  }

  /** The book was closed by this process, or destroyed by another. */
  public static final class Closed extends BookException {
    @Serial private static final long serialVersionUID = 1L;

    public Closed(String message) {
      super(message, null);
    }
  }

  /** A lock was not to be had in time; the message names its holder. Nothing was changed. */
  public static final class LockTimeout extends BookException {
    @Serial private static final long serialVersionUID = 1L;

    public LockTimeout(String message) {
      super(message, null);
    }
  }

  /** A lock was used against its rules: an upgrade, a nested hold, a write under a read hold. */
  public static final class LockMisuse extends BookException {
    @Serial private static final long serialVersionUID = 1L;

    public LockMisuse(String message) {
      super(message, null);
    }
  }

  /**
   * Others declared this process dead and took over what it held; the operation did not take
   * effect.
   */
  public static final class Robbed extends BookException {
    @Serial private static final long serialVersionUID = 1L;

    public Robbed(String message) {
      super(message, null);
    }
  }

  /** All participant slots of the book are taken by live processes. */
  public static final class TooManyParticipants extends BookException {
    @Serial private static final long serialVersionUID = 1L;

    public TooManyParticipants(String message) {
      super(message, null);
    }
  }

  /**
   * The operating system refused: permissions, a read-only or unsupported file system, an I/O
   * error.
   */
  public static final class Refused extends BookException {
    @Serial private static final long serialVersionUID = 1L;

    public Refused(String message) {
      super(message, null);
    }

    public Refused(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
