package dev.brigade.gateway;

import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.transport.MeasuredLink;
import dev.brigade.spi.transport.NodeInfo;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A member as {@code GET /cluster} shows it, with all that plans are made from. */
record ClusterNode(
    String id,
    String name,
    String address,
    String engine,
    long memoryBytes,
    String state,
    Planning planning) {

  /** What plans are made from, beside the memory. */
  record Planning(
      String device,
      String machine,
      long machineMemoryBytes,
      long runtimeBytes,
      int maxSlices,
      boolean keepsGroups,
      List<String> hiddenTypes,
      List<Cost> precisions,
      List<Link> links) {
    static Planning of(NodeInfo info) {
      EngineProfile profile = info.profile();
      return new Planning(
          profile.device(),
          info.machine().id(),
          info.machine().memoryBytes(),
          profile.runtimeBytes(),
          profile.maxSlices(),
          profile.keepsGroups(),
          profile.hiddenTypes().stream().map(Enum::name).sorted().toList(),
          profile.costs().stream().map(Cost::of).toList(),
          info.links().stream().map(Link::of).toList());
    }
  }

  record Cost(
      String name,
      double bytesPerWeight,
      double bytesPerKvElement,
      String residual,
      Map<String, Double> measured) {
    static Cost of(EngineProfile.Cost cost) {
      return new Cost(
          cost.precision().name(),
          cost.bytesPerWeight(),
          cost.bytesPerKvElement(),
          cost.residual().name(),
          cost.measured());
    }
  }

  /** What the node has measured of its link to another. */
  record Link(String to, double roundTripMs, double bytesPerS) {
    static Link of(MeasuredLink link) {
      return new Link(link.to().value(), link.roundTrip().toNanos() / 1e6, link.bytesPerSecond());
    }
  }

  static ClusterNode of(NodeInfo info) {
    return new ClusterNode(
        info.id().value(),
        info.name(),
        info.address().toString(),
        info.profile().engine(),
        info.memoryBytes(),
        info.state().name().toLowerCase(Locale.ROOT),
        Planning.of(info));
  }
}
