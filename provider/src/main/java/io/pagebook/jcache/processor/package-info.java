/** The entry that a processor works on. */
@NullMarked
package io.pagebook.jcache.processor;

import org.jspecify.annotations.NullMarked;
