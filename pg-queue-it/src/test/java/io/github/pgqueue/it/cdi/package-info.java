/** The library behind CDI, on Weld SE: what is refused at deployment, what is injected, observed, worked and configured. */
@NullMarked
package io.github.pgqueue.it.cdi;

import org.jspecify.annotations.NullMarked;
