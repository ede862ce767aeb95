/**
 * Who takes part in a book: the side file, participant slots, liveness and locks that survive
 * death.
 */
@NullMarked
package io.pagebook.book.process;

import org.jspecify.annotations.NullMarked;
