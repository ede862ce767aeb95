package io.pagebook.jcache.spi;

/** Something that Java serialisation cannot store. */
public record Price(String currency, long cents) {}
