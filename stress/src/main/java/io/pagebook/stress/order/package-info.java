/**
 * One jcstress test for each pairing of stores and loads that {@code docs/concurrency.md} relies
 * on: the accesses of the engine, by the methods of {@link io.pagebook.book.memory.PageMemory}, on
 * a file that is really mapped.
 */
@NullMarked
package io.pagebook.stress.order;

import org.jspecify.annotations.NullMarked;
