package io.pagebook.kryo;

/**
 * Stands in for {@link Trick} while bytes are made, so that the latter is not initialised by that.
 */
final class Decoy {}
