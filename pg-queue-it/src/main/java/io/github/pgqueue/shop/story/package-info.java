/**
 * Tells what happens in the shop and proves what was promised: takes in the orders, plays the acts, checks the books.
 *
 * <p>Knows everybody; nobody but the main class knows it. It looks at the shop from outside: by its beans, by SQL, and
 * by what a second process does.
 */
@NullMarked
package io.github.pgqueue.shop.story;

import org.jspecify.annotations.NullMarked;
