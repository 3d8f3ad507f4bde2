package dev.brigade.launcher.process;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Collectors;

/** Config files of nodes that find each other on this machine. */
final class NodeConfigs {
  private final Path folder;
  private final List<Integer> ports;
  private final int udpPort;

  private NodeConfigs(Path folder, List<Integer> ports, int udpPort) {
    this.folder = folder;
    this.ports = ports;
    this.udpPort = udpPort;
  }

  static NodeConfigs forNodes(int count, Path folder) {
    // Below the ports that systems give to outgoing connections, one of which could be faster.
    List<Integer> ports =
        new SecureRandom()
            .ints(20000, 30000)
            .distinct()
            .filter(NodeConfigs::isFree)
            .limit(count + 1)
            .boxed()
            .toList();
    return new NodeConfigs(folder, ports.subList(0, count), ports.get(count));
  }

  private static boolean isFree(int port) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket tcp = new ServerSocket(port, 1, loopback);
        DatagramSocket udp = new DatagramSocket(port, loopback)) {
      return tcp.isBound() && udp.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** Writes the file of one node, whose secret is in the environment. */
  Path write(int node, String engine) throws IOException {
    return write(node, engine, "test-" + udpPort);
  }

  /** The same in a cluster of that name, on the same network. */
  Path write(int node, String engine, String cluster) throws IOException {
    String peers =
        ports.stream().map(port -> "\"127.0.0.1:" + port + "\"").collect(Collectors.joining(", "));
    String yaml =
        """
        node: { name: node-%d, cluster: %s, secret: "${BRIGADE_SECRET}" }
        engine: { type: %s }
        memory: { limit: 2GiB }
        transport: { type: vertx, host: 127.0.0.1, port: %d }
        discovery:
          - { type: udp, port: %d, interfaces: [] }
          - { type: static, peers: [ %s ] }
        partition: { type: ring-memory-weighted }
        model: { id: bundled/pocket, dtype: f32 }
        api: { host: 127.0.0.1, port: 0 }
        """
            .formatted(node, cluster, engine, ports.get(node), udpPort, peers);
    return Files.writeString(folder.resolve("node-" + node + ".yaml"), yaml);
  }
}
