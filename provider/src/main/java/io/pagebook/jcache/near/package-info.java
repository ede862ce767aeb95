/** Values that a JVM keeps at hand, valid for as long as the book has not changed. */
@NullMarked
package io.pagebook.jcache.near;

import org.jspecify.annotations.NullMarked;
