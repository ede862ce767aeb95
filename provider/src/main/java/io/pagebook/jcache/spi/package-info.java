/**
 * What an application implements to bring its own codec of values: see {@link
 * io.pagebook.jcache.spi.ValueCodec}.
 */
@NullMarked
package io.pagebook.jcache.spi;

import org.jspecify.annotations.NullMarked;
