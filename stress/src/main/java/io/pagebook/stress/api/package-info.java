/**
 * jcstress tests of the store's operations: what two threads of one JVM may see of each other on
 * one key.
 */
@NullMarked
package io.pagebook.stress.api;

import org.jspecify.annotations.NullMarked;
