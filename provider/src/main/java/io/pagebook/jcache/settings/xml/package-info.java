/**
 * A configuration document as a checked tree: found, parsed without anything from outside, its
 * placeholders expanded, held against the schema; each value knows where it stands.
 */
@NullMarked
package io.pagebook.jcache.settings.xml;

import org.jspecify.annotations.NullMarked;
