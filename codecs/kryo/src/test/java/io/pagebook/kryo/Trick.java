package io.pagebook.kryo;

/**
 * A class that an attacker would like to see loaded: it leaves a trace as soon as it is
 * initialised.
 */
final class Trick {
  static final String TRACE = "io.pagebook.kryo.trick";

  static {
    System.setProperty(TRACE, "ran");
  }
}
