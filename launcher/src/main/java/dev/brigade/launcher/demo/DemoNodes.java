package dev.brigade.launcher.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The configs of the demo's nodes: a cluster of their own on loopback, found by UDP and, where that
 * is blocked, by a list of peers.
 *
 * @param cluster name that no other cluster has
 * @param engines one for each node
 * @param ports of their transports
 * @param udpPort that they all share
 * @param memoryBytes for each node
 * @param threads for each engine that lets one say
 */
record DemoNodes(
    String cluster,
    List<DemoEngine> engines,
    List<Integer> ports,
    int udpPort,
    long memoryBytes,
    int threads) {
  private static final ObjectMapper JSON = new ObjectMapper();

  DemoNodes {
    engines = List.copyOf(engines);
    ports = List.copyOf(ports);
  }

  int count() {
    return engines.size();
  }

  String name(int node) {
    return "demo-" + (node + 1);
  }

  /**
   * The config of one node, as a file has it. The secret comes from the environment.
   *
   * @param apiPort 0 for any free one
   * @param model id of the model that all of them serve
   */
  String config(int node, int apiPort, String model) {
    ObjectNode config = JSON.createObjectNode();
    config.putObject("node").put("name", name(node)).put("cluster", cluster);
    DemoEngine engine = engines.get(node);
    ObjectNode engineSection = config.putObject("engine").put("type", engine.name());
    if (engine.takesThreads()) {
      engineSection.put("threads", threads);
    }
    config.putObject("memory").put("limit", memoryBytes);
    ObjectNode transport = config.putObject("transport").put("type", "vertx");
    transport.put("host", FreePorts.LOOPBACK).put("port", ports.get(node));
    ArrayNode discoveries = config.putArray("discovery");
    ObjectNode udp = discoveries.addObject().put("type", "udp").put("port", udpPort);
    // None beside loopback, which is used in any case.
    udp.putArray("interfaces");
    ArrayNode peers = discoveries.addObject().put("type", "static").putArray("peers");
    ports.forEach(port -> peers.add(FreePorts.LOOPBACK + ":" + port));
    // A stage for each of them, though one alone could hold the model.
    config.putObject("partition").put("type", "ring-memory-weighted");
    config.putObject("model").put("id", model);
    config.putObject("api").put("host", FreePorts.LOOPBACK).put("port", apiPort);
    return config.toString();
  }
}
