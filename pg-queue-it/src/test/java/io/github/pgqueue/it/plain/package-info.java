/** The library where none of the Jakarta EE and MicroProfile jars is on the class path. */
@NullMarked
package io.github.pgqueue.it.plain;

import org.jspecify.annotations.NullMarked;
