/** Bytes of keys and values: the codec of each type, and what may be deserialised. */
@NullMarked
package io.pagebook.jcache.codec;

import org.jspecify.annotations.NullMarked;
