package dev.brigade.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five processes with unlike engines, of which those that are no entry are killed and stopped at
 * random moments of several streams. {@code -Dbrigade.chaos.seed=N} repeats the choice.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no SIGSTOP")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LivingClusterTest {
  private static final List<String> ENGINES =
      List.of("reference", "djl", "onnx", "ggml", "reference");
  private static final int ENTRIES = 2;
  private static final int PATIENCE_SECONDS = 180;
  private static final List<String> QUESTIONS =
      List.of(
          "Tell me a story about a fox and a lantern.",
          "Tell me a story about a boat.",
          "What is the capital of France?");
  private static final Map<String, String> SECRET = Map.of("BRIGADE_SECRET", "of-the-living-alone");
  private static final long SEED = Long.getLong("brigade.chaos.seed", System.nanoTime() % 100_000);

  @TempDir static Path folder;
  private static final Random random = new Random(SEED);
  private static final List<BrigadeProcess> nodes = new ArrayList<>();
  private static final List<Api> entries = new ArrayList<>();
  private static final List<Path> configs = new ArrayList<>();
  private static List<String> undisturbed;

  @BeforeAll
  static void startFiveNodes() throws Exception {
    NodeConfigs files = NodeConfigs.forNodes(ENGINES.size(), folder);
    for (int i = 0; i < ENGINES.size(); i++) {
      configs.add(files.write(i, ENGINES.get(i)));
      nodes.add(start(i));
    }
    for (int i = 0; i < ENTRIES; i++) {
      entries.add(new Api(nodes.get(i).awaitLine(line -> line.startsWith("api "))));
      awaitAllServe(entries.get(i));
    }
    undisturbed = texts(tellAll(new Heard()));
    assertThat(undisturbed).hasSize(QUESTIONS.size()).doesNotContain("").doesNotHaveDuplicates();
  }

  @AfterAll
  static void killWhatIsLeft() {
    nodes.forEach(BrigadeProcess::close);
  }

  private static BrigadeProcess start(int node) throws Exception {
    return BrigadeProcess.start(SECRET, "up", "--config", configs.get(node).toString());
  }

  @Test
  @Order(1)
  void aNodeThatIsStoppedIsReplacedAndWhenItWakesItJoinsAgain(TestInfo test) throws Exception {
    BrigadeProcess sleeper = nodes.get(expendable());
    Heard heard = new Heard();
    List<CompletableFuture<Telling>> streams = tellAll(heard);
    heard.awaitTokens(moment());
    sleeper.signal("STOP");
    nodes.get(0).awaitLine(line -> line.startsWith("left "));
    sleeper.signal("CONT");
    assertUndisturbed(test, streams);
    awaitAllServe(entries.get(0));
  }

  @Test
  @Order(2)
  void oneIsKilledAndComesBackUnderItsNameWhileAnotherOneSleeps(TestInfo test) throws Exception {
    int victim = expendable();
    int sleeper = victim + 1 < nodes.size() ? victim + 1 : ENTRIES;
    Heard heard = new Heard();
    List<CompletableFuture<Telling>> streams = tellAll(heard);
    heard.awaitTokens(moment());
    nodes.get(sleeper).signal("STOP");
    nodes.get(victim).kill();
    nodes.set(victim, start(victim));
    nodes.get(1).awaitLine(line -> line.startsWith("left "));
    nodes.get(sleeper).signal("CONT");
    assertUndisturbed(test, streams);
    awaitAllServe(entries.get(1));
    assertThat(texts(tellAll(new Heard()))).isEqualTo(undisturbed);
  }

  private static int expendable() {
    return ENTRIES + random.nextInt(nodes.size() - ENTRIES);
  }

  /** So many tokens of all streams together. */
  private static int moment() {
    return 1 + random.nextInt(QUESTIONS.size() * Telling.TOKENS / 2);
  }

  private static List<CompletableFuture<Telling>> tellAll(Heard heard) {
    List<CompletableFuture<Telling>> streams = new ArrayList<>();
    for (int i = 0; i < QUESTIONS.size(); i++) {
      Api api = entries.get(i % ENTRIES);
      String question = QUESTIONS.get(i);
      streams.add(
          CompletableFuture.supplyAsync(() -> Telling.of(api, question, heard), Heard.POOL));
    }
    return streams;
  }

  private static List<String> texts(List<CompletableFuture<Telling>> streams) throws Exception {
    List<String> texts = new ArrayList<>();
    for (CompletableFuture<Telling> stream : streams) {
      try {
        texts.add(stream.get(PATIENCE_SECONDS, TimeUnit.SECONDS).text());
      } catch (TimeoutException | ExecutionException e) {
        String said = String.join("\n--\n", nodes.stream().map(BrigadeProcess::output).toList());
        throw new AssertionError("a stream with seed %d: %s%n%s".formatted(SEED, e, said), e);
      }
    }
    return texts;
  }

  private static void assertUndisturbed(TestInfo test, List<CompletableFuture<Telling>> streams)
      throws Exception {
    assertThat(texts(streams)).as("texts with seed %d", SEED).isEqualTo(undisturbed);
    Duration longest = Duration.ZERO;
    for (CompletableFuture<Telling> stream : streams) {
      Duration pause = stream.get().longestPause();
      longest = pause.compareTo(longest) > 0 ? pause : longest;
    }
    System.out.printf(
        "%s: seed %d, longest pause %d ms%n", test.getDisplayName(), SEED, longest.toMillis());
  }

  /** Waits until each name is there once and the model is spread over all of them. */
  private static void awaitAllServe(Api api) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    JsonNode cluster = api.get("/cluster");
    while (!allServe(cluster)) {
      assertThat(System.nanoTime()).as(cluster.toPrettyString()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(100);
      cluster = api.get("/cluster");
    }
  }

  private static boolean allServe(JsonNode cluster) {
    long names =
        StreamSupport.stream(cluster.get("nodes").spliterator(), false)
            .map(node -> node.get("name").textValue())
            .distinct()
            .count();
    return names == ENGINES.size()
        && cluster.get("nodes").size() == ENGINES.size()
        && cluster.get("plans").size() == 1
        && cluster.get("plans").get(0).get("stages").size() == ENGINES.size();
  }
}
