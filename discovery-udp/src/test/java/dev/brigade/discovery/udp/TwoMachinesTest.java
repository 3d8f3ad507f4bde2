package dev.brigade.discovery.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two network namespaces of Linux stand for two machines, a pair of virtual cards for the cable.
 */
class TwoMachinesTest {
  private static final long PATIENCE_SECONDS = 20;
  private final String here = "brigade-a-" + ProcessHandle.current().pid();
  private final String there = "brigade-b-" + ProcessHandle.current().pid();
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void twoNamespaces() throws Exception {
    assumeTrue(succeeds("ip", "netns", "add", here), "needs Linux, root and the ip command");
    assumeTrue(succeeds("ip", "netns", "add", there), "needs a second network namespace");
    // A JVM that sees no IPv6 address when it starts does without IPv6 for good.
    run("ip", "-n", here, "link", "set", "lo", "up");
    run("ip", "-n", there, "link", "set", "lo", "up");
  }

  @AfterEach
  void cleanUp() throws Exception {
    processes.forEach(Process::destroyForcibly);
    succeeds("ip", "netns", "del", here);
    succeeds("ip", "netns", "del", there);
  }

  @Test
  void nodesFindEachOtherOverIpv6AndIpv4AndLoseEachOtherAsTheNetworkComesAndGoes()
      throws Exception {
    BlockingQueue<String> reports = startNode(here);
    startNode(there);
    awaitReport(reports, "\\[\\]");

    plugIn();
    awaitReport(reports, "\\[\\[fe80:[0-9a-f:]+%\\w+\\]:7001\\]");

    run("ip", "-n", here, "addr", "add", "10.77.0.1/24", "brd", "+", "dev", "cable");
    run("ip", "-n", there, "addr", "add", "10.77.0.2/24", "brd", "+", "dev", "cable");
    awaitReport(reports, "\\[10\\.77\\.0\\.2:7001\\]");

    run("ip", "-n", there, "link", "set", "cable", "down");
    awaitReport(reports, "\\[\\]");
  }

  private void plugIn() throws Exception {
    run(
        "ip", "link", "add", "cable", "netns", here, "type", "veth", "peer", "name", "cable",
        "netns", there);
    run("ip", "-n", here, "link", "set", "cable", "up");
    run("ip", "-n", there, "link", "set", "cable", "up");
  }

  private BlockingQueue<String> startNode(String namespace) throws IOException {
    String java = ProcessHandle.current().info().command().orElse("java");
    Process process =
        new ProcessBuilder(
                "ip",
                "netns",
                "exec",
                namespace,
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                NamespaceNode.class.getName(),
                namespace)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    processes.add(process);
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> copyLines(process, lines), "reader-" + namespace);
    reader.setDaemon(true);
    reader.start();
    return lines;
  }

  private static void copyLines(Process process, BlockingQueue<String> lines) {
    try (BufferedReader reader = process.inputReader()) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("the node's output ended: " + e);
    }
  }

  private static void awaitReport(BlockingQueue<String> reports, String pattern)
      throws InterruptedException {
    List<String> seen = new ArrayList<>();
    String report;
    do {
      report = reports.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(report).as("%s after %s", pattern, seen).isNotNull();
      seen.add(report);
    } while (!report.matches(pattern));
  }

  private static void run(String... command) throws Exception {
    assertThat(succeeds(command)).as(Arrays.toString(command)).isTrue();
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // there is no such command
    }
  }
}
