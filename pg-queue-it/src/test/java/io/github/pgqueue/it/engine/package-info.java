/**
 * The statements of the plain lane over two or three sessions, in every order that matters: who waits, who is refused,
 * and that no job is lost or held by two. They are run as the library has them, without its threads.
 */
@NullMarked
package io.github.pgqueue.it.engine;

import org.jspecify.annotations.NullMarked;
