/** Threads and gates that caches share. */
@NullMarked
package io.pagebook.jcache.concurrent;

import org.jspecify.annotations.NullMarked;
