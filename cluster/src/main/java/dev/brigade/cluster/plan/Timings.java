package dev.brigade.cluster.plan;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.Link;
import dev.brigade.spi.partition.PlanRequest;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Predicts times, in seconds, from announced rates and links.
 *
 * <p>To decode a token, a stage reads its weights and its KV cache once: {@code (weights + KV) /
 * rate}, with half of the demanded context in the cache, plus a fixed time for a pass to be queued
 * and started. A hop takes half of the measured round trip and {@code bytes / bandwidth}. What
 * nobody has measured yet is assumed: see the constants.
 */
final class Timings {
  /** Of a pass beside the engine's work: the way from the node's loop to the engine and back. */
  static final double PASS_SECONDS = 100e-6;

  /** Memory bandwidth of an ordinary computer. */
  static final double ASSUMED_CPU_BYTES_PER_S = 20e9;

  /** Of any other device; optimistic, so that it is tried and then measured. */
  static final double ASSUMED_ACCELERATOR_BYTES_PER_S = 200e9;

  /** A wired home network: one gigabit per second. */
  static final double ASSUMED_ROUND_TRIP = 1e-3;

  static final double ASSUMED_BYTES_PER_S = 100e6;

  /** Nodes of one machine. */
  static final double ASSUMED_LOCAL_ROUND_TRIP = 200e-6;

  static final double ASSUMED_LOCAL_BYTES_PER_S = 1e9;

  private final StageCosts costs;
  private final Demand demand;
  private final int width;
  private final Map<Pair, Link> links = new HashMap<>();

  private record Pair(NodeId from, NodeId to) {}

  Timings(PlanRequest request, StageCosts costs) {
    this.costs = costs;
    this.demand = request.demand();
    this.width = request.model().width();
    for (Link link : request.links()) {
      links.merge(new Pair(link.from(), link.to()), link, Timings::better);
    }
  }

  /** The same for any order of two measurements of one link. */
  private static Link better(Link a, Link b) {
    int byTime = a.roundTrip().compareTo(b.roundTrip());
    return byTime < 0 || (byTime == 0 && a.bytesPerSecond() >= b.bytesPerSecond()) ? a : b;
  }

  /** Whether the node's rate in this precision has been measured. */
  static boolean isMeasured(EngineProfile.Cost cost) {
    return cost.measured().getOrDefault(EngineProfile.Cost.DECODE_BYTES_PER_S, 0.0) > 0;
  }

  /** Bytes of weights that the node reads per second when it decodes. */
  static double decodeRate(NodeInfo node, EngineProfile.Cost cost) {
    if (isMeasured(cost)) {
      return cost.measured().get(EngineProfile.Cost.DECODE_BYTES_PER_S);
    }
    return isCpu(node) ? ASSUMED_CPU_BYTES_PER_S : ASSUMED_ACCELERATOR_BYTES_PER_S;
  }

  /** The rate for a person to read. */
  static String describeRate(NodeInfo node, EngineProfile.Cost cost) {
    return String.format(
        Locale.ROOT,
        "%.1f GB/s (%s)",
        decodeRate(node, cost) / 1e9,
        isMeasured(cost) ? "measured" : "assumed");
  }

  private static boolean isCpu(NodeInfo node) {
    return node.profile().device().toLowerCase(Locale.ROOT).contains("cpu");
  }

  /** One token through layers {@code [first, last)} in the engine. */
  double compute(NodeInfo node, EngineProfile.Cost cost, int first, int last) {
    return PASS_SECONDS + layerSeconds(node, cost, first, last);
  }

  /** The part of it that grows with the layers. */
  double layerSeconds(NodeInfo node, EngineProfile.Cost cost, int first, int last) {
    double weights = costs.weightsRead(first, last) * cost.bytesPerWeight();
    double kv = costs.kv(first, last) * cost.bytesPerKvElement() * (demand.context() / 2.0);
    return (weights + kv) / decodeRate(node, cost);
  }

  /** A token's hidden state from one node to another. */
  double handOn(NodeInfo from, NodeInfo to, DType type) {
    return roundTrip(from, to) / 2 + transfer(from, to, type);
  }

  /** The time for which a hidden state of one token keeps the link busy. */
  double transfer(NodeInfo from, NodeInfo to, DType type) {
    return (double) width * type.bytes() / bandwidth(from, to);
  }

  /** A drawn token's id from the last node to the first. */
  double handBack(NodeInfo from, NodeInfo to) {
    return from.id().equals(to.id()) ? 0 : roundTrip(from, to) / 2;
  }

  private double roundTrip(NodeInfo from, NodeInfo to) {
    Link link = measured(from, to);
    if (link != null) {
      return link.roundTrip().toNanos() * 1e-9;
    }
    return sameMachine(from, to) ? ASSUMED_LOCAL_ROUND_TRIP : ASSUMED_ROUND_TRIP;
  }

  private double bandwidth(NodeInfo from, NodeInfo to) {
    Link link = measured(from, to);
    if (link != null) {
      return link.bytesPerSecond();
    }
    return sameMachine(from, to) ? ASSUMED_LOCAL_BYTES_PER_S : ASSUMED_BYTES_PER_S;
  }

  /** Measured by the sender, else by the receiver. */
  private Link measured(NodeInfo from, NodeInfo to) {
    Link there = links.get(new Pair(from.id(), to.id()));
    return there != null ? there : links.get(new Pair(to.id(), from.id()));
  }

  private static boolean sameMachine(NodeInfo a, NodeInfo b) {
    return a.machine().id().equals(b.machine().id());
  }

  /** The links that nodes announce. */
  static List<Link> announced(List<NodeInfo> nodes) {
    return nodes.stream()
        .flatMap(
            node ->
                node.links().stream()
                    .map(
                        link ->
                            new Link(
                                node.id(), link.to(), link.roundTrip(), link.bytesPerSecond())))
        .toList();
  }
}
