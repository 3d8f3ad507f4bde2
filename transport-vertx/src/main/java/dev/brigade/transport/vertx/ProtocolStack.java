package dev.brigade.transport.vertx;

import dev.brigade.spi.transport.Endpoint;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jgroups.Address;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.FRAG2;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;

/**
 * The JGroups protocols that make an ordered membership, from the wire upwards. A dead process is
 * noticed by its closed connections (heartbeats keep one open between every two members, so that no
 * second socket as FD_SOCK2 has is needed), a hung one by missing heartbeats.
 */
final class ProtocolStack {
  private static final long VERIFY_MILLIS = 500;
  private static final long HEARTBEAT_MILLIS = 1000;
  private static final long SILENCE_MILLIS = 6000;
  private static final long RESEND_MILLIS = 250;
  private static final long JOIN_MILLIS = 1000;

  static {
    QuietLog.install();
    ClassConfigurator.addProtocol((short) 1801, SealedTcp.class);
    ClassConfigurator.addProtocol((short) 1802, CandidateDiscovery.class);
    ClassConfigurator.addProtocol((short) 1803, EagerMerge.class);
    ClassConfigurator.addProtocol((short) 1805, Hearing.class);
    ClassConfigurator.add(ReachHeader.ID, ReachHeader.class);
  }

  private ProtocolStack() {}

  /**
   * Protocols for one channel.
   *
   * @param routes filled with what is found out about where others listen
   * @param unheard told of members that this node does not hear
   * @param blocking runs what waits for sockets
   */
  static List<Protocol> over(
      ListeningSocket socket,
      ClusterSeal seal,
      Supplier<Set<Endpoint>> candidates,
      Routes routes,
      Consumer<Set<Address>> unheard,
      Executor blocking,
      System.Logger logger) {
    SealedTcp tcp = new SealedTcp(seal, routes, logger);
    tcp.setBindAddress(socket.getInetAddress())
        .setBindPort(socket.getLocalPort())
        .setPortRange(0)
        .setSocketFactory(new HandedSocket(socket));
    tcp.setExternalAddr(ReachableAddress.of(socket.getInetAddress()));
    tcp.enableSuspectEvents(true).logDetails(false).tcpNodelay(true);
    tcp.logAcceptError(false);
    tcp.getThreadPool().setMinThreads(1).setMaxThreads(16);
    CandidateDiscovery discovery =
        new CandidateDiscovery(candidates, routes, tcp, blocking, logger);
    return List.of(
        tcp,
        discovery,
        new EagerMerge(discovery, blocking),
        new Hearing(unheard).setTimeout(SILENCE_MILLIS).setInterval(HEARTBEAT_MILLIS),
        new VERIFY_SUSPECT2().setTimeout(VERIFY_MILLIS),
        new NAKACK2()
            .useMcastXmit(false)
            .setXmitInterval(RESEND_MILLIS)
            .setResendLastSeqnoMaxTimes(10),
        new UNICAST3().setXmitInterval(RESEND_MILLIS),
        new STABLE(),
        new GMS()
            .setJoinTimeout(JOIN_MILLIS)
            .printLocalAddress(false)
            .setViewAckCollectionTimeout(1000),
        new FRAG2());
  }
}
