package io.pagebook.jcache;

import java.util.Arrays;

/**
 * One thread's frames for one cache: as many as operations are nested, because user code that runs
 * within an operation may use the cache again. Holds nothing of the cache, so that a thread does
 * not keep a cache alive.
 */
final class Frames {
  private Frame[] frames = {new Frame()};
  private int depth;

  Frame push() {
    if (depth == frames.length) {
      frames = Arrays.copyOf(frames, depth + 1);
      frames[depth] = new Frame();
    }
    return frames[depth++];
  }

  void pop() {
    frames[--depth].release();
  }
}
