package dev.brigade.discovery.fixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One name stands for all nodes, as that of a Kubernetes headless service does. The machine's own
 * resolver is asked, which the JDK lets read a file.
 */
class HeadlessServiceTest {
  private static final String NAME = "brigade.example.test";

  @TempDir Path folder;

  private void nodesAre(String... addresses) throws Exception {
    StringBuilder hosts = new StringBuilder();
    for (String address : addresses) {
      hosts.append(address).append(' ').append(NAME).append('\n');
    }
    // Never half written: the file may be read at any time.
    Path next = Files.writeString(folder.resolve("next"), hosts);
    Files.move(next, folder.resolve("hosts"), StandardCopyOption.REPLACE_EXISTING);
  }

  private Process start() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Djdk.net.hosts.file=" + folder.resolve("hosts"),
            "-Dsun.net.inetaddr.ttl=1",
            "-Dsun.net.inetaddr.negative.ttl=1",
            "-cp",
            System.getProperty("java.class.path"),
            ResolvingNode.class.getName(),
            NAME + ":52416")
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  @Timeout(60)
  void aNodeFollowsTheAddressesOfTheNameButItsOwn() throws Exception {
    nodesAre();
    Process node = start();
    try (BufferedReader reports = node.inputReader()) {
      assertThat(reports.readLine()).as("before there is anybody").isEqualTo("found ");

      nodesAre("127.0.0.1", "127.0.0.2", "127.0.0.3");
      assertThat(reports.readLine()).isEqualTo("found 127.0.0.2:52416 127.0.0.3:52416");

      nodesAre("127.0.0.1", "127.0.0.3", "127.0.0.4");
      assertThat(reports.readLine()).isEqualTo("found 127.0.0.3:52416 127.0.0.4:52416");

      node.getOutputStream().close();
      assertThat(node.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      node.destroyForcibly();
    }
  }
}
