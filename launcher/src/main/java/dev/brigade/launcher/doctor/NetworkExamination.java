package dev.brigade.launcher.doctor;

import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.config.PluginSection;
import dev.brigade.launcher.doctor.Finding.Area;
import dev.brigade.launcher.plugins.FoundPlugin;
import dev.brigade.launcher.plugins.PluginCatalog;
import dev.brigade.launcher.plugins.PluginKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Looks at ports, multicast, and the plugins for transport and discovery. */
final class NetworkExamination {
  /** Administratively scoped (RFC 2365); nothing is sent there. */
  private static final String GROUP = "239.255.52.17";

  private final BrigadeConfig config;
  private final PluginCatalog plugins;
  private final Predicate<String> isNode;

  /**
   * @param isNode whether a node of Brigade answers at an address of an API
   */
  NetworkExamination(BrigadeConfig config, PluginCatalog plugins, Predicate<String> isNode) {
    this.config = config;
    this.plugins = plugins;
    this.isNode = isNode;
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(api());
    findings.add(transport());
    findings.add(multicast());
    for (PluginSection section : config.discovery()) {
      findings.add(plugin(PluginKind.DISCOVERY, section, false));
    }
    boolean tailscale =
        config.discovery().stream().anyMatch(section -> section.type().equals("tailscale"));
    if (!tailscale) {
      findings.add(unasked("tailscale"));
    }
    return findings;
  }

  private Finding api() {
    String host = config.api().host();
    int port = config.api().port();
    Optional<String> taken = taken(host, port);
    if (taken.isEmpty()) {
      return Finding.ok(Area.NETWORK, "api", host + ":" + port + " is free");
    }
    String api = "http://" + host + ":" + port;
    return isNode.test(api)
        ? Finding.note(Area.NETWORK, "api", "a node is running here already, at " + api)
        : Finding.problem(
            Area.NETWORK,
            "api",
            host + ":" + port + " cannot be listened on: " + taken.get(),
            "end what uses it, or set api.port (0 takes any free one) and api.host");
  }

  private Finding transport() {
    PluginSection section = config.transport();
    int port = section.settings().path("port").asInt(0);
    String host = section.settings().path("host").asText("127.0.0.1");
    Optional<String> taken = port == 0 ? Optional.empty() : taken(host, port);
    if (taken.isPresent()) {
      return Finding.problem(
          Area.NETWORK,
          "transport",
          host + ":" + port + " cannot be listened on: " + taken.get(),
          "end what uses it, or set transport.port and transport.host");
    }
    return plugin(PluginKind.TRANSPORT, section, true);
  }

  private static Optional<String> taken(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(host, port));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private Finding plugin(PluginKind kind, PluginSection section, boolean needed) {
    Optional<String> reason =
        plugins.all().stream()
            .filter(found -> found.kind() == kind && found.name().equals(section.type()))
            .map(found -> found.unavailable().orElse(""))
            .findFirst()
            .or(() -> Optional.of("there is no such plugin"));
    String subject = needed ? kind.toString() : kind + " " + section.type();
    if (reason.get().isEmpty() || !section.settings().isEmpty()) {
      return Finding.ok(Area.NETWORK, subject, section.type() + " can be used");
    }
    return needed
        ? Finding.problem(Area.NETWORK, subject, reason.get(), "choose another one, or install it")
        : Finding.note(Area.NETWORK, subject, "not usable: " + reason.get());
  }

  private Finding unasked(String discovery) {
    boolean usable =
        plugins.all().stream()
            .filter(found -> found.kind() == PluginKind.DISCOVERY)
            .filter(found -> found.name().equals(discovery))
            .anyMatch(FoundPlugin::available);
    Finding finding =
        Finding.note(
            Area.NETWORK,
            discovery,
            usable ? "is there, and the config does not use it" : "is not installed");
    return usable ? finding.with("add { type: " + discovery + " } to discovery") : finding;
  }

  private static Finding multicast() {
    List<String> working = new ArrayList<>();
    try {
      for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
        if (each.isUp() && !each.isLoopback() && each.supportsMulticast() && joins(each)) {
          working.add(each.getName());
        }
      }
    } catch (SocketException e) {
      return noMulticast("the network cannot be looked at: " + e.getMessage());
    }
    return working.isEmpty()
        ? noMulticast("no network takes part in it")
        : Finding.ok(Area.NETWORK, "multicast", "possible on " + String.join(", ", working));
  }

  private static Finding noMulticast(String text) {
    return Finding.note(Area.NETWORK, "multicast", text)
        .with("other machines are not found by udp; name one under discovery, type static");
  }

  private static boolean joins(NetworkInterface each) {
    try (MulticastSocket socket = new MulticastSocket(0)) {
      InetSocketAddress group = new InetSocketAddress(InetAddress.getByName(GROUP), 0);
      socket.joinGroup(group, each);
      socket.leaveGroup(group, each);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
