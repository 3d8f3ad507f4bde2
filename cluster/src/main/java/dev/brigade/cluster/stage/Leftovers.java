package dev.brigade.cluster.stage;

import dev.brigade.cluster.observe.LogFields;
import dev.brigade.cluster.observe.RequestLog;
import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.transport.NodeId;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Asks those for whom this node holds memory whether they still want it. A farewell can be lost, or
 * be said while this node slept or was cut off; without asking, what it meant would stay for good.
 * Owned by the loop.
 */
final class Leftovers {
  private static final System.Logger LOG = System.getLogger(Leftovers.class.getName());
  private static final Duration EVERY = Duration.ofSeconds(30);

  private final NodeRuntime runtime;
  private final Messenger messenger;
  private final Duration deadline;
  private final Sequences sequences;
  private final Shards shards;
  private final Predicate<HostedShard> inUse;
  private final RequestLog log;
  private boolean closed;

  /**
   * @param deadline for an answer
   */
  Leftovers(
      NodeRuntime runtime,
      Messenger messenger,
      Duration deadline,
      Sequences sequences,
      Shards shards,
      Predicate<HostedShard> inUse,
      RequestLog log) {
    this.log = log;
    this.runtime = runtime;
    this.messenger = messenger;
    this.deadline = deadline;
    this.sequences = sequences;
    this.shards = shards;
    this.inUse = inUse;
    askLater();
  }

  private void askLater() {
    runtime
        .timer()
        .schedule(
            EVERY,
            () -> {
              if (!closed) {
                ask();
                askLater();
              }
            });
  }

  private void ask() {
    Set<NodeId> holders = new LinkedHashSet<>(shards.holders());
    sequences.all().forEach(sequence -> holders.add(sequence.entry));
    holders.forEach(this::ask);
  }

  private void ask(NodeId holder) {
    List<String> requests =
        sequences.all().stream()
            .filter(sequence -> sequence.entry.equals(holder))
            .map(sequence -> sequence.request)
            .toList();
    Map<String, Integer> plans = shards.heldFor(holder);
    Head.Held question = new Head.Held(requests, List.copyOf(plans.keySet()));
    messenger
        .send(holder, question, List.of(), deadline, Head.Unwanted.class)
        .thenAccept(unwanted -> forget(holder, unwanted, plans));
  }

  private void forget(NodeId holder, Head.Unwanted unwanted, Map<String, Integer> asked) {
    for (String request : unwanted.requests()) {
      log.info(request, "forgotten", LogFields.none().with("entry", holder.value()));
      sequences.close(request, Integer.MAX_VALUE);
    }
    Map<String, Integer> now = shards.heldFor(holder);
    for (String plan : unwanted.plans()) {
      // It may have been asked for anew while the answer was on its way.
      if (now.containsKey(plan) && now.get(plan).equals(asked.get(plan))) {
        LOG.log(System.Logger.Level.INFO, "plan {0} is not wanted by {1} any more", plan, holder);
        shards.release(holder, plan, inUse);
      }
    }
  }

  void close() {
    closed = true;
  }
}
