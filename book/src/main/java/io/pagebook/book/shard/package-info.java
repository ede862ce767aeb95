/**
 * One shard: its index, its log of records, its journal, and the readers and the writer of both.
 */
@NullMarked
package io.pagebook.book.shard;

import org.jspecify.annotations.NullMarked;
