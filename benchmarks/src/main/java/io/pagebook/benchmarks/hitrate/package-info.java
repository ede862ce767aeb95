/** Hit rates of the book and of other caches on traces of accesses. */
@org.jspecify.annotations.NullMarked
package io.pagebook.benchmarks.hitrate;
