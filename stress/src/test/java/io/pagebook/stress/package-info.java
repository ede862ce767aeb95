/**
 * The long and the short form of what tries to break the engine: see {@code docs/reliability.md}.
 */
package io.pagebook.stress;
