/** Where each byte of a book lies: one descriptor class per region. */
@NullMarked
package io.pagebook.book.layout;

import org.jspecify.annotations.NullMarked;
