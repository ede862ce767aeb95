/** Vacuums while others read and write, and vacuums that die. */
package io.pagebook.stress.vacuum;
