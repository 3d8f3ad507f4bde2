package dev.brigade.launcher.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Machines of one network, as private network namespaces of Linux on a bridge in a namespace of its
 * own. A direction of a link is cut by a false hardware address, so that what is sent that way
 * vanishes without a word.
 */
final class Namespaces implements AutoCloseable {
  private static final String NOBODY = "02:00:00:00:00:99";
  private final String prefix = "brigade-" + ProcessHandle.current().pid() + "-";
  private final List<String> made = new ArrayList<>();
  private final int count;

  private Namespaces(int count) {
    this.count = count;
  }

  /**
   * Makes them.
   *
   * @throws IOException if this user may not, or this system cannot
   */
  static Namespaces make(int count) throws IOException, InterruptedException {
    Namespaces namespaces = new Namespaces(count);
    try {
      namespaces.build();
      return namespaces;
    } catch (IOException e) {
      namespaces.close();
      throw e;
    }
  }

  private void build() throws IOException, InterruptedException {
    String hub = prefix + "hub";
    add(hub);
    ip("-n", hub, "link", "add", "bridge", "type", "bridge");
    ip("-n", hub, "link", "set", "bridge", "up");
    for (int i = 0; i < count; i++) {
      add(name(i));
      ip("-n", hub, "link", "add", "port" + i, "type", "veth", "peer", "eth0", "netns", name(i));
      ip("-n", hub, "link", "set", "port" + i, "master", "bridge", "up");
      ip("-n", name(i), "address", "add", address(i) + "/24", "dev", "eth0");
      ip("-n", name(i), "link", "set", "eth0", "up");
      ip("-n", name(i), "link", "set", "lo", "up");
    }
  }

  private void add(String name) throws IOException, InterruptedException {
    ip("netns", "add", name);
    made.add(name);
  }

  String name(int node) {
    return prefix + node;
  }

  String address(int node) {
    return "10.99.0." + (node + 1);
  }

  /** What runs a command there. */
  List<String> within(int node) {
    return List.of("ip", "netns", "exec", name(node));
  }

  /** Gives a node a second network that leads out, and that none of the others is in. */
  void leadOutElsewhere(int node) throws IOException, InterruptedException {
    String name = name(node);
    ip("-n", name, "link", "add", "eth1", "type", "veth", "peer", "nowhere");
    ip("-n", name, "address", "add", "10.88." + node + ".2/24", "dev", "eth1");
    ip("-n", name, "link", "set", "nowhere", "up");
    ip("-n", name, "link", "set", "eth1", "up");
    ip("-n", name, "route", "add", "default", "via", "10.88." + node + ".1");
  }

  /** From now on nothing that one sends reaches the other. */
  void deafen(int from, int to) throws IOException, InterruptedException {
    ip(
        "-n",
        name(from),
        "neigh",
        "replace",
        address(to),
        "lladdr",
        NOBODY,
        "dev",
        "eth0",
        "nud",
        "permanent");
  }

  /** Nothing goes either way between two. */
  void cut(int one, int other) throws IOException, InterruptedException {
    deafen(one, other);
    deafen(other, one);
  }

  void mend(int from, int to) throws IOException, InterruptedException {
    ip("-n", name(from), "neigh", "del", address(to), "dev", "eth0");
  }

  private static void ip(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output.strip());
    }
  }

  @Override
  public void close() {
    for (String name : made) {
      try {
        ip("netns", "delete", name);
      } catch (IOException | InterruptedException e) {
        System.out.println("a namespace is left: " + e.getMessage());
      }
    }
  }
}
