package dev.brigade.discovery.udp;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.Selector;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * All that beacons can be sent and heard by: a socket of each family on all usable interfaces.
 * These come and go, so the sockets are opened anew whenever {@link #refresh} finds a change. For
 * one thread.
 */
final class Airwaves implements AutoCloseable {
  private static final List<StandardProtocolFamily> FAMILIES =
      List.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6);

  private final UdpConfig config;
  private final boolean loopbackOnly;
  private final Selector selector;
  private final OnceLog log;
  private final Map<StandardProtocolFamily, BeaconSocket> sockets =
      new EnumMap<>(StandardProtocolFamily.class);
  private List<Lan> lans = List.of();

  Airwaves(UdpConfig config, boolean loopbackOnly, Selector selector, OnceLog log) {
    this.config = config;
    this.loopbackOnly = loopbackOnly;
    this.selector = selector;
    this.log = log;
  }

  /** Looks at the interfaces again, and tries again to open what could not be opened. */
  void refresh() {
    List<Lan> found = scan();
    if (!found.equals(lans)) {
      close();
      lans = found;
    }
    for (StandardProtocolFamily family : FAMILIES) {
      if (!sockets.containsKey(family)) {
        open(family);
      }
    }
  }

  /** Sends a datagram by each way that there is, each with content of its own. */
  void send(Supplier<byte[]> contents) {
    sockets.values().forEach(socket -> socket.send(contents));
  }

  /** Gives up all sockets, of which one has failed, until the next {@link #refresh}. */
  void giveUp(Exception why) {
    log.log(
        WARNING,
        "receive",
        "udp discovery could not receive and will try again: " + why.getMessage());
    close();
  }

  /** Closes all sockets; {@link #refresh} opens them again. */
  @Override
  public void close() {
    for (BeaconSocket socket : sockets.values()) {
      try {
        socket.close();
      } catch (IOException e) {
        log.log(INFO, "close", "udp discovery could not close a socket: " + e.getMessage());
      }
    }
    sockets.clear();
  }

  private List<Lan> scan() {
    try {
      return Lan.scan(this::isWanted);
    } catch (SocketException e) {
      log.log(WARNING, "scan", "udp discovery could not list the interfaces: " + e.getMessage());
      return List.of();
    }
  }

  private boolean isWanted(NetworkInterface device) {
    try {
      return device.isLoopback() || (!loopbackOnly && config.uses(device.getName()));
    } catch (SocketException e) {
      return false;
    }
  }

  private void open(StandardProtocolFamily family) {
    try {
      sockets.put(
          family,
          new BeaconSocket(
              family, config.effectivePort(), config.effectiveGroups(), lans, selector, log));
    } catch (IOException | UnsupportedOperationException e) {
      String text = "udp discovery goes without %s on port %d as long as this fails: %s";
      log.log(
          family == StandardProtocolFamily.INET ? WARNING : INFO,
          "open " + family,
          String.format(text, family, config.effectivePort(), e.getMessage()));
    }
  }
}
