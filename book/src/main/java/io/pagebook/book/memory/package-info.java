/** Raw access to the mapped file, and nothing above it. */
@NullMarked
package io.pagebook.book.memory;

import org.jspecify.annotations.NullMarked;
