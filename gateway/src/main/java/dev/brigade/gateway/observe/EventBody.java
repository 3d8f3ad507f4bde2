package dev.brigade.gateway.observe;

import dev.brigade.cluster.generation.Usage;
import dev.brigade.cluster.observe.ClusterEvent;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.transport.NodeInfo;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Events as they are written: a name, a time, and what there is to say. */
final class EventBody {
  private EventBody() {}

  static Map<String, Object> watching(String node, Instant at) {
    return body("watching", at, Map.of("node", node));
  }

  static Map<String, Object> of(ClusterEvent event, Instant at) {
    if (event instanceof ClusterEvent.Joined joined) {
      return body("joined", at, node(joined.node()));
    } else if (event instanceof ClusterEvent.Left left) {
      return body("left", at, node(left.node()));
    } else if (event instanceof ClusterEvent.PlanReady ready) {
      return body("plan_ready", at, plan(ready.plan()));
    } else if (event instanceof ClusterEvent.PlanRetired retired) {
      return body("plan_retired", at, plan(retired.plan()));
    } else if (event instanceof ClusterEvent.StandbyReady ready) {
      Map<String, Object> body = body("standby_ready", at, plan(ready.plan()));
      body.putAll(ordered("stands_by_for", ready.active(), "without", ready.lost().value()));
      return body;
    } else if (event instanceof ClusterEvent.StandbyMissing missing) {
      return body(
          "standby_missing",
          at,
          ordered(
              "plan", missing.active().id(),
              "model", missing.active().model().id(),
              "without", missing.lost().value(),
              "reason", missing.reason()));
    } else if (event instanceof ClusterEvent.StandbyTaken taken) {
      Map<String, Object> body = body("standby_taken", at, plan(taken.plan()));
      body.put("stood_by_for", taken.replaced());
      return body;
    } else if (event instanceof ClusterEvent.Recovering recovering) {
      return body(
          "recovering",
          at,
          ordered(
              "request", recovering.request(),
              "attempt", recovering.attempt(),
              "tokens", recovering.tokens(),
              "reason", recovering.reason()));
    } else if (event instanceof ClusterEvent.Recovered recovered) {
      return body(
          "recovered",
          at,
          ordered(
              "request", recovered.request(),
              "attempt", recovered.attempt(),
              "pause_ms", recovered.pause().toMillis()));
    } else if (event instanceof ClusterEvent.FirstToken first) {
      return body(
          "first_token",
          at,
          ordered(
              "request", first.request(),
              "model", first.model(),
              "after_ms", first.waited().toMillis()));
    } else if (event instanceof ClusterEvent.Answered answered) {
      Usage usage = answered.usage();
      return body(
          "answered",
          at,
          ordered(
              "request", answered.request(),
              "model", answered.model(),
              "finish_reason", answered.reason().name().toLowerCase(Locale.ROOT),
              "prompt_tokens", usage.promptTokens(),
              "completion_tokens", usage.completionTokens(),
              "recoveries", usage.recoveries()));
    }
    ClusterEvent.Failed failed = (ClusterEvent.Failed) event;
    return body(
        "failed",
        at,
        ordered(
            "request", failed.request(),
            "model", failed.model(),
            "completion_tokens", failed.tokens(),
            "kind", failed.kind().name().toLowerCase(Locale.ROOT),
            "reason", failed.reason()));
  }

  private static Map<String, Object> node(NodeInfo node) {
    return ordered(
        "node", node.id().value(),
        "name", node.name(),
        "address", node.address().toString(),
        "engine", node.profile().engine());
  }

  private static Map<String, Object> plan(Plan plan) {
    return ordered(
        "plan", plan.id(),
        "model", plan.model().id(),
        "stages",
            plan.stages().stream()
                .map(
                    stage ->
                        ordered(
                            "node", stage.node().value(),
                            "engine", stage.engine(),
                            "layers", List.of(stage.first(), stage.last())))
                .toList());
  }

  private static Map<String, Object> body(String name, Instant at, Map<String, Object> rest) {
    Map<String, Object> body = ordered("event", name, "at", at.toString());
    body.putAll(rest);
    return body;
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
