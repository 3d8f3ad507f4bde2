package dev.brigade.discovery.fixed;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.brigade.spi.transport.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * One entry of the list and what its name stands for. A name server that is away for a moment takes
 * no candidates with it: the last answer counts until the third failure in a row. For one thread.
 */
final class Peer {
  private static final int FORGIVEN_FAILURES = 2;

  private final Endpoint listed;
  private final System.Logger logger;
  private List<InetAddress> addresses = List.of();
  private int failures;

  Peer(Endpoint listed, System.Logger logger) {
    this.listed = listed;
    this.logger = logger;
  }

  int port() {
    return listed.port();
  }

  /** What the name stood for when it was last asked for. */
  List<InetAddress> addresses() {
    return addresses;
  }

  /** Asks again. */
  void resolve(Resolver resolver) {
    try {
      addresses = resolver.resolve(listed.host());
      if (failures > 0) {
        logger.log(INFO, "static peer " + listed + " resolves again: " + addresses);
      }
      failures = 0;
    } catch (UnknownHostException e) {
      if (failures++ == 0) {
        logger.log(
            WARNING,
            "static peer " + listed + " does not resolve and is tried again: " + e.getMessage());
      }
      if (failures > FORGIVEN_FAILURES) {
        addresses = List.of();
      }
    }
  }
}
