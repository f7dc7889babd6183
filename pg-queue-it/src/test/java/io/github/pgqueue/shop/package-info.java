/** Tests of the order shop as its users run it: in a process of its own, judged by what it prints and leaves. */
@NullMarked
package io.github.pgqueue.shop;

import org.jspecify.annotations.NullMarked;
