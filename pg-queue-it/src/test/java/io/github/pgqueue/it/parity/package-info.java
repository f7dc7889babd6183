/** Beside the original: its defects, each with a test that its behaviour would fail. Its calls are in the README's table. */
@NullMarked
package io.github.pgqueue.it.parity;

import org.jspecify.annotations.NullMarked;
