package dev.brigade.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes in three network namespaces, between which links are cut without a word. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "network namespaces are Linux's")
class CutLinksTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NODES = 3;
  private static final int TOKENS = 60;
  private static final long PATIENCE_SECONDS = 90;
  private static final Map<String, String> SECRET = Map.of("BRIGADE_SECRET", "of-the-cut-links");

  @TempDir static Path folder;
  private static Namespaces namespaces;
  private static final List<BrigadeProcess> nodes = new ArrayList<>();
  private static String api;
  private static String undisturbed;

  @BeforeAll
  static void startOneNodeInEachNamespace() throws Exception {
    try {
      namespaces = Namespaces.make(NODES);
    } catch (IOException e) {
      Assumptions.abort("no network namespaces here: " + e.getMessage());
    }
    for (int i = 0; i < NODES; i++) {
      nodes.add(
          BrigadeProcess.start(
              namespaces.within(i), SECRET, "up", "--config", config(i).toString()));
    }
    String line = nodes.get(0).awaitLine(said -> said.startsWith("api "));
    api = line.replaceAll(".*(http://\\S+)/v1.*", "$1");
    awaitAllServe();
    undisturbed = story(() -> {}).text();
  }

  @AfterAll
  static void leaveNothing() {
    nodes.forEach(BrigadeProcess::close);
    if (namespaces != null) {
      namespaces.close();
    }
  }

  private static Path config(int node) throws IOException {
    String yaml =
        """
        node: { name: node-%d, cluster: cut, secret: "${BRIGADE_SECRET}" }
        engine: { type: reference }
        memory: { limit: 2GiB }
        transport: { type: vertx, host: %s, port: 29000 }
        discovery:
          - { type: static, peers: [ "%s:29000", "%s:29000", "%s:29000" ] }
        partition: { type: ring-memory-weighted }
        model: { id: bundled/pocket, dtype: f32 }
        api: { host: 127.0.0.1, port: 0 }
        """
            .formatted(
                node,
                namespaces.address(node),
                namespaces.address(0),
                namespaces.address(1),
                namespaces.address(2));
    return Files.writeString(folder.resolve("node-" + node + ".yaml"), yaml);
  }

  @Test
  void aNodeThatIsCutOffIsReplacedAndComesBack(TestInfo test) throws Exception {
    survives(
        test,
        () -> {
          namespaces.cut(2, 0);
          namespaces.cut(2, 1);
        });
    namespaces.mend(2, 0);
    namespaces.mend(0, 2);
    namespaces.mend(2, 1);
    namespaces.mend(1, 2);
    awaitAllServe();
  }

  @Test
  void aLinkBetweenTwoOthersThatIsCutIsPlannedAround(TestInfo test) throws Exception {
    survives(test, () -> namespaces.cut(1, 2));
    namespaces.mend(1, 2);
    namespaces.mend(2, 1);
    awaitAllServe();
  }

  @Test
  void aNodeThatHearsButIsNotHeardIsReplacedAndComesBack(TestInfo test) throws Exception {
    survives(test, () -> namespaces.deafen(2, 0));
    namespaces.mend(2, 0);
    awaitAllServe();
  }

  private interface Cut {
    void make() throws IOException, InterruptedException;
  }

  private static void survives(TestInfo test, Cut cut) throws Exception {
    Telling disturbed = story(cut);
    System.out.printf(
        "%s: longest pause %d ms%n", test.getDisplayName(), disturbed.longestPause().toMillis());
    assertThat(disturbed.text()).isEqualTo(undisturbed).isNotBlank();
  }

  /** A streamed answer; the cut is made once its first words are there. */
  private static Telling story(Cut cut) throws Exception {
    var body = JSON.createObjectNode().put("model", "bundled/pocket").put("stream", true);
    body.put("temperature", 0).put("max_tokens", TOKENS).put("ignore_eos", true);
    body.putArray("messages").addObject().put("role", "user").put("content", "Tell me a story.");
    StringBuilder text = new StringBuilder();
    long longest = 0;
    try (BufferedReader lines = curl("/v1/chat/completions", "-d", body.toString())) {
      long last = System.nanoTime();
      int seen = 0;
      for (String line = lines.readLine(); !"data: [DONE]".equals(line); line = lines.readLine()) {
        assertThat(line).as("the end of the stream after: %s", text).isNotNull();
        if (line.startsWith("data:")) {
          text.append(Api.delta(line.substring("data:".length())));
          longest = Math.max(longest, System.nanoTime() - last);
          last = System.nanoTime();
          if (++seen == 5) {
            cut.make();
          }
        }
      }
    }
    return new Telling(text.toString(), Duration.ofNanos(longest));
  }

  /** A client on the machine of the first node, whose interface is on loopback there. */
  private static BufferedReader curl(String path, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(namespaces.within(0));
    command.addAll(List.of("curl", "-sN", "-m", "120", "-H", "Content-Type: application/json"));
    command.addAll(List.of(arguments));
    command.add(api + path);
    return new ProcessBuilder(command).start().inputReader(StandardCharsets.UTF_8);
  }

  private static void awaitAllServe() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    JsonNode cluster;
    do {
      TimeUnit.MILLISECONDS.sleep(100);
      try (BufferedReader answer = curl("/cluster")) {
        cluster = JSON.readTree(answer);
      }
      assertThat(System.nanoTime())
          .as("%s%n%s", cluster.toPrettyString(), nodes.get(0).output())
          .isLessThan(deadline);
    } while (cluster.path("nodes").size() != NODES
        || cluster.path("plans").path(0).path("stages").size() != NODES);
  }
}
