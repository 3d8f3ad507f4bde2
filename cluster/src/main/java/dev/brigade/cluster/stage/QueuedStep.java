package dev.brigade.cluster.stage;

import dev.brigade.cluster.wire.Head;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A step that has come and waits for its turn.
 *
 * @param step what to run
 * @param body its rows
 * @param arrived when it came
 * @param credit completed once there is room for the next step
 */
record QueuedStep(
    Head.Step step, List<ByteBuffer> body, Instant arrived, CompletableFuture<Void> credit) {}
