/**
 * What every module's tests stand on: child JVMs, directories whose books are checked after each
 * test, seeds, and values that can tell by themselves whether they are whole. Shipped as the
 * test-jar of {@code pagebook-book}.
 */
@NullMarked
package io.pagebook.testing;

import org.jspecify.annotations.NullMarked;
