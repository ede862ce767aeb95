package io.pagebook.book.shard;

import java.util.ArrayList;
import java.util.List;

/**
 * What a check found to be broken, one sentence each; so many that a person can read them, for a
 * word that is wrong may break thousands of things.
 */
public final class Violations {
  private static final int MOST = 1_000;

  private final List<String> sentences = new ArrayList<>();

  public void add(String sentence) {
    if (sentences.size() < MOST) {
      sentences.add(sentence);
    } else if (sentences.size() == MOST) {
      sentences.add("... and more");
    }
  }

  public List<String> sentences() {
    return List.copyOf(sentences);
  }
}
