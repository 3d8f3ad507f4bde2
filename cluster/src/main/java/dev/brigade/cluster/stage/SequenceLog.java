package dev.brigade.cluster.stage;

import dev.brigade.cluster.observe.LogFields;
import dev.brigade.cluster.observe.RequestLog;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.transport.NodeId;

/** A stage's part of each request's story. */
final class SequenceLog {
  private final RequestLog log;

  SequenceLog(RequestLog log) {
    this.log = log;
  }

  /** Memory is reserved for it; steps may come. */
  void opened(StageSequence sequence, long kvBytes) {
    log.info(
        sequence.request,
        "opened",
        place(sequence.shard, sequence.open(), sequence.entry)
            .with("capacity", sequence.open().capacity())
            .with("kv_bytes", kvBytes));
  }

  /** A newer attempt goes on with what is held of an older one. */
  void followed(StageSequence sequence) {
    log.info(
        sequence.request,
        "followed",
        place(sequence.shard, sequence.open(), sequence.entry).with("held", sequence.length()));
  }

  void notOpened(HostedShard shard, Head.Open open, NodeId entry, Throwable cause) {
    log.warning(
        open.request(),
        "not_opened",
        place(shard, open, entry).with("reason", String.valueOf(cause.getMessage())));
  }

  void closed(StageSequence sequence) {
    Head.Closed summary = sequence.summary();
    log.info(
        sequence.request,
        "closed",
        LogFields.none()
            .with("attempt", sequence.attempt())
            .with("stage", sequence.shard.index)
            .with("tokens", sequence.length())
            .with("steps", summary.steps())
            .with("compute_ms", summary.computeNanos() / 1_000_000));
  }

  private static LogFields place(HostedShard shard, Head.Open open, NodeId entry) {
    return LogFields.none()
        .with("attempt", open.attempt())
        .with("plan", open.plan())
        .with("stage", shard.index)
        .with("layers", shard.stage().first() + "-" + (shard.stage().last() - 1))
        .with("entry", entry.value());
  }
}
