package io.pagebook.stress;

/** Whether this run is the long one, {@code -Pstress}. */
public final class Stress {
  /** Set by the profile. */
  public static final boolean IS_LONG = Boolean.getBoolean("pagebook.stress");

  private Stress() {}

  /** The size of a test: in the default build, in the long run. */
  public static int choose(int inBuild, int inLongRun) {
    return IS_LONG ? inLongRun : inBuild;
  }
}
