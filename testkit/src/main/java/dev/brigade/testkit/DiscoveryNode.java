package dev.brigade.testkit;

import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.discovery.Discovery;
import dev.brigade.spi.discovery.DiscoveryProvider;

/**
 * A node that does nothing but discover.
 *
 * @param host what it lends to its discovery
 * @param self as it announces itself
 * @param reports what it has been told
 */
public record DiscoveryNode(
    TestHost host, Discovery discovery, Announcement self, CandidateReports reports)
    implements AutoCloseable {

  /** Makes a discovery and starts it. */
  public static <C extends Record> DiscoveryNode start(
      DiscoveryProvider<C> provider, C config, TestHost host, Announcement self) {
    Discovery discovery = provider.create(config, host);
    CandidateReports reports = new CandidateReports();
    discovery.start(self, reports);
    return new DiscoveryNode(host, discovery, self, reports);
  }

  @Override
  public void close() {
    discovery.close();
    host.close();
  }
}
