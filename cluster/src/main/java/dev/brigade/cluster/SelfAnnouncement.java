package dev.brigade.cluster;

import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.MeasuredLink;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import dev.brigade.spi.transport.Transport;
import java.util.List;
import java.util.Map;

/** What this node says of itself, and says anew when it changes. Written by the loop. */
final class SelfAnnouncement {
  private final Transport transport;
  private volatile NodeInfo now;

  SelfAnnouncement(NodeInfo first, Transport transport) {
    this.now = first;
    this.transport = transport;
  }

  /** As it was announced last. From any thread. */
  NodeInfo now() {
    return now;
  }

  void state(NodeState state) {
    announce(now.withState(state));
  }

  void links(List<MeasuredLink> links) {
    announce(now.withMeasured(now.profile(), links));
  }

  /** Bytes per second of each precision, under the name of what they were measured with. */
  void rates(String name, Map<Precision, Double> rates) {
    EngineProfile profile = now.profile();
    for (Map.Entry<Precision, Double> rate : rates.entrySet()) {
      profile = profile.withMeasured(rate.getKey(), Map.of(name, rate.getValue()));
    }
    announce(now.withMeasured(profile, now.links()));
  }

  void memory(Machine machine, long memoryBytes) {
    announce(now.withMemory(machine, memoryBytes));
  }

  private void announce(NodeInfo info) {
    if (!info.equals(now)) {
      now = info;
      transport.announce(info);
    }
  }
}
