/** The page pool: which pages are whose, and growth of the file. */
@NullMarked
package io.pagebook.book.page;

import org.jspecify.annotations.NullMarked;
