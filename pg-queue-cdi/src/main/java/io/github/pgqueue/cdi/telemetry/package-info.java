/**
 * OpenTelemetry: {@link io.github.pgqueue.cdi.telemetry.MessagingTelemetry} traces and measures what is done with jobs, by
 * the semantic conventions for messaging. In CDI it is used by itself where the application or its server has an
 * {@code OpenTelemetry} bean; in plain Java it is given to the manager's builder.
 *
 * <p>May import the API, the spi, CDI and OpenTelemetry; touched only where OpenTelemetry is on the class path.
 */
@NullMarked
package io.github.pgqueue.cdi.telemetry;

import org.jspecify.annotations.NullMarked;
