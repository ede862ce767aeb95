/** Processes that are halted at exact lines, by a debugger, and what others see of them then. */
package io.pagebook.stress.step;
