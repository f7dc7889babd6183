/**
 * MicroProfile Health: {@code pg-queue-schema} is asked at startup, {@code pg-queue-ready} for readiness,
 * {@code pg-queue-live} for liveness. The extension adds them to applications that use the library, where the API is on
 * the class path; {@code pg-queue.health.enabled=false} leaves them out.
 *
 * <p>Not API, changes without notice, except for the names of the checks and of their data. May import the API, CDI and
 * MicroProfile Health; touched only where MicroProfile Health is on the class path. The checks ask the manager like any
 * user.
 */
@NullMarked
package io.github.pgqueue.cdi.health;

import org.jspecify.annotations.NullMarked;
