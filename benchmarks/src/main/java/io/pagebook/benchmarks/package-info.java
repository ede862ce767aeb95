/**
 * Benchmarks of Pagebook beside its rivals: every store stands behind one interface, so that one
 * run measures all of them on the same keys, the same values and the same machine.
 */
@NullMarked
package io.pagebook.benchmarks;

import org.jspecify.annotations.NullMarked;
