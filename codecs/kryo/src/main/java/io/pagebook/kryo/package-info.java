/** Values as Kryo 5 writes them, for caches that are configured with the codec {@code kryo}. */
@NullMarked
package io.pagebook.kryo;

import org.jspecify.annotations.NullMarked;
