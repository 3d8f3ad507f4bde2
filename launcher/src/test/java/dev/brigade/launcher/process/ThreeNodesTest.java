package dev.brigade.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Three processes started with config files, as their users see them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ThreeNodesTest {
  private static final Map<String, String> SECRET = Map.of("BRIGADE_SECRET", "of-this-test-alone");
  @TempDir static Path folder;
  private static NodeConfigs configs;
  private static final List<BrigadeProcess> nodes = new ArrayList<>();
  private static Api api;

  @BeforeAll
  static void startThreeNodes() throws Exception {
    configs = NodeConfigs.forNodes(5, folder);
    for (int i = 0; i < 3; i++) {
      String engine = i == 1 ? "djl" : "reference";
      nodes.add(
          BrigadeProcess.start(SECRET, "up", "--config", configs.write(i, engine).toString()));
    }
    api = new Api(nodes.get(0).awaitLine(line -> line.startsWith("api ")));
    nodes.get(0).awaitLine(line -> line.startsWith("plan ") && line.split(" -> ").length == 3);
  }

  @AfterAll
  static void killWhatIsLeft() {
    nodes.forEach(BrigadeProcess::close);
  }

  @Test
  @Order(1)
  void theyAnswerTogether() throws Exception {
    JsonNode answer = api.chat("What is 5 + 6?");
    assertThat(Api.text(answer)).as(answer.toString()).isEqualTo("5 plus 6 is 11.");
    assertThat(answer.path("usage").path("completion_tokens").intValue()).isPositive();
  }

  @Test
  @Order(2)
  void theClusterShowsWhoHasWhichLayers() throws Exception {
    JsonNode cluster = api.get("/cluster");
    assertThat(cluster.get("nodes")).hasSize(3);
    assertThat(cluster.get("nodes"))
        .allSatisfy(node -> assertThat(node.get("state").textValue()).isEqualTo("up"));
    JsonNode stages = cluster.get("plans").get(0).get("stages");
    assertThat(stages).hasSize(3);
    assertThat(stages.get(0).get("layers").get(0).intValue()).isZero();
    assertThat(stages.get(2).get("layers").get(1).intValue()).isEqualTo(8);
  }

  @Test
  @Order(2)
  void theLogsOfAllThreeTellTheStoryOfARequest() throws Exception {
    api.chat("What is 5 + 6?", "story-7");
    for (BrigadeProcess node : nodes) {
      node.awaitLine(line -> line.contains("request=story-7.") && has(line, "closed"));
      assertThat(node.output().lines().filter(line -> line.contains("request=story-7.")))
          .anySatisfy(line -> assertThat(line).contains("event=opened"));
    }
  }

  private static boolean has(String line, String event) {
    return line.contains("event=" + event);
  }

  @Test
  @Order(3)
  void oneWithAnotherSecretStaysAlone() throws Exception {
    String config = configs.write(3, "reference").toString();
    Map<String, String> wrong = Map.of("BRIGADE_SECRET", "of-somebody-else");
    try (BrigadeProcess stranger = BrigadeProcess.start(wrong, "up", "--config", config)) {
      stranger.awaitLine(line -> line.contains("secret"));
      nodes.get(0).awaitLine(line -> line.contains("secret"));
      String plan = stranger.awaitLine(line -> line.startsWith("plan "));
      assertThat(plan).contains("node-3 layers 0..7");
      assertThat(stranger.output()).doesNotContain("joined ");
    }
    assertThat(api.get("/cluster").get("nodes")).hasSize(3);
    assertThat(Api.text(api.chat("What is 5 + 6?"))).isEqualTo("5 plus 6 is 11.");
  }

  @Test
  @Order(4)
  void twoClustersOnOneNetworkDoNotSeeEachOther() throws Exception {
    Map<String, String> secret = Map.of("BRIGADE_SECRET", "of-the-neighbours");
    String one = configs.write(3, "reference", "neighbours").toString();
    String other = configs.write(4, "reference", "neighbours").toString();
    try (BrigadeProcess first = BrigadeProcess.start(secret, "up", "--config", one);
        BrigadeProcess second = BrigadeProcess.start(secret, "up", "--config", other)) {
      Api neighbours = new Api(first.awaitLine(line -> line.startsWith("api ")));
      first.awaitLine(line -> line.startsWith("plan ") && line.split(" -> ").length == 2);
      assertThat(Api.text(neighbours.chat("What is 5 + 6?"))).isEqualTo("5 plus 6 is 11.");
      assertThat(neighbours.get("/cluster").get("nodes")).hasSize(2);
      assertThat(second.output()).containsPattern("joined +node-3");
      assertThat(second.output()).doesNotContainPattern("joined +node-[012]");
    }
    assertThat(api.get("/cluster").get("nodes")).hasSize(3);
    assertThat(nodes.get(0).output()).doesNotContainPattern("joined +node-[34]");
  }

  @Test
  @Order(5)
  void theOfficialPythonClientStreams() throws Exception {
    assumeTrue(succeeds("python3", "-c", "import openai"), "Python's openai is not installed");
    Path script = copy("openai_client.py");
    assertThat(output("python3", script.toString(), api.base() + "/v1"))
        .isEqualTo("5 plus 6 is 11.");
  }

  @Test
  @Order(6)
  void theOfficialNodeClientStreams() throws Exception {
    assumeTrue(
        succeeds("node", "-e", "require('openai')"),
        "Node's openai is not installed (NODE_PATH says where)");
    Path script = copy("openai_client.cjs");
    assertThat(output("node", script.toString(), api.base() + "/v1")).isEqualTo("5 plus 6 is 11.");
  }

  @Test
  @Order(7)
  void aNodeKilledInMidStreamIsAPauseAndNotAnotherAnswer() throws Exception {
    String undisturbed = story(() -> {});
    String disturbed = story(nodes.get(2)::kill);
    assertThat(disturbed).isEqualTo(undisturbed).isNotBlank();
    nodes.get(0).awaitLine(line -> line.startsWith("left "));
    assertThat(Api.text(api.chat("What is 5 + 6?"))).isEqualTo("5 plus 6 is 11.");
    assertThat(api.get("/cluster").get("nodes")).hasSize(2);
  }

  @Test
  @Order(8)
  void aNodeThatIsToldToStopEndsCleanly() throws Exception {
    for (BrigadeProcess node : List.of(nodes.get(1), nodes.get(0))) {
      node.terminate();
      assertThat(node.awaitEnd()).as(node.output()).isZero();
    }
  }

  /** A streamed answer; something happens once its first words are there. */
  private static String story(Runnable inMidStream) throws Exception {
    StringBuilder text = new StringBuilder();
    try (Stream<String> events = api.stream("Tell me a story about a fox and a lantern.", 150)) {
      Iterator<String> each = events.iterator();
      String event = each.next();
      for (int seen = 1; !event.equals("[DONE]"); seen++) {
        text.append(Api.delta(event));
        if (seen == 5) {
          inMidStream.run();
        }
        assertThat(each.hasNext()).as("the stream ends after %s", event).isTrue();
        event = each.next();
      }
    }
    return text.toString();
  }

  private static Path copy(String resource) throws IOException {
    try (var stream = ThreeNodesTest.class.getResourceAsStream(resource)) {
      Path file = folder.resolve(resource);
      Files.copy(stream, file);
      return file;
    }
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.strip();
  }
}
