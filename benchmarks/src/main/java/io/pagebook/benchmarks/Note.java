package io.pagebook.benchmarks;

/** Why a row of a table has no value. */
record Note(String table, String row, String text) {}
