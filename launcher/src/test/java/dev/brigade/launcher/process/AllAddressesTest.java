package dev.brigade.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Two machines that share one network, each of which believes that another one leads outside. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "network namespaces are Linux's")
class AllAddressesTest {
  private static final Map<String, String> SECRET = Map.of("BRIGADE_SECRET", "of-all-addresses");

  @Test
  void nodesOnAllAddressesSpeakToEachOtherWhereTheyFoundEachOther(@TempDir Path folder)
      throws Exception {
    try (Namespaces namespaces = make()) {
      namespaces.leadOutElsewhere(0);
      namespaces.leadOutElsewhere(1);
      Path one = Files.writeString(folder.resolve("one.yaml"), config("one", namespaces));
      Path other = Files.writeString(folder.resolve("other.yaml"), config("other", namespaces));
      try (BrigadeProcess first =
              BrigadeProcess.start(namespaces.within(0), SECRET, "up", "--config", one.toString());
          BrigadeProcess second =
              BrigadeProcess.start(
                  namespaces.within(1), SECRET, "up", "--config", other.toString())) {
        first.awaitLine(line -> line.startsWith("joined "));
        second.awaitLine(line -> line.startsWith("joined "));
        String plan =
            first.awaitLine(line -> line.startsWith("plan ") && line.split(" -> ").length == 2);
        assertThat(plan).contains("one layers", "other layers");
      }
    }
  }

  private static Namespaces make() throws InterruptedException {
    try {
      return Namespaces.make(2);
    } catch (IOException e) {
      return Assumptions.abort("no network namespaces here: " + e.getMessage());
    }
  }

  private static String config(String name, Namespaces namespaces) {
    List<String> peers = List.of(namespaces.address(0), namespaces.address(1));
    return """
        node: { name: %s, cluster: all-addresses, secret: "${BRIGADE_SECRET}" }
        engine: { type: reference }
        memory: { limit: 2GiB }
        transport: { type: vertx, host: 0.0.0.0, port: 29000 }
        discovery:
          - { type: static, peers: [ "%s:29000", "%s:29000" ] }
        partition: { type: ring-memory-weighted }
        model: { id: bundled/pocket, dtype: f32 }
        api: { host: 127.0.0.1, port: 0 }
        """
        .formatted(name, peers.get(0), peers.get(1));
  }
}
