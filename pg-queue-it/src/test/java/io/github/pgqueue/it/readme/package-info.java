/** The examples of the README, compiled, and the tables of the README, held against the code. */
@NullMarked
package io.github.pgqueue.it.readme;

import org.jspecify.annotations.NullMarked;
