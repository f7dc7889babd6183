/** The rules of the house: who may import whom, and where SQL and configuration keys may stand. */
@NullMarked
package io.github.pgqueue.it.architecture;

import org.jspecify.annotations.NullMarked;
