/** The book: a key-value store in one memory-mapped file that several processes share. */
@NullMarked
package io.pagebook.book;

import org.jspecify.annotations.NullMarked;
