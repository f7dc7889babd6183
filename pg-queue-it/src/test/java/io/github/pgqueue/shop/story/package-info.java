/** Tests of what the story does when something goes wrong on its way. */
@NullMarked
package io.github.pgqueue.shop.story;

import org.jspecify.annotations.NullMarked;
