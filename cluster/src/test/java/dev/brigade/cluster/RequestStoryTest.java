package dev.brigade.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.generation.RequestId;
import dev.brigade.cluster.observe.LogFields;
import dev.brigade.cluster.observe.RequestLog;
import dev.brigade.cluster.plan.RingMemoryWeighted;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.testkit.golden.GoldenModel;
import dev.brigade.testkit.golden.GoldenPrompt;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the logs of three nodes tell of one request. */
class RequestStoryTest {
  private static final GoldenModel LLAMA = GoldenModel.named("llama");
  private static final GoldenPrompt PROMPT = LLAMA.prompts().get(1);
  private final Logger logger = Logger.getLogger(RequestLog.LOGGER);
  private final Lines lines = new Lines();

  /** Gathers what all nodes write. */
  private static final class Lines extends Handler {
    private final List<LogFields> all = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord line) {
      all.add(LogFields.parse(line.getMessage()).orElseThrow());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void listen() {
    logger.addHandler(lines);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(lines);
  }

  private static GenerationRequest request(String name, int maxTokens) {
    return new GenerationRequest(
            LLAMA.folder().toString(),
            PROMPT.ids(),
            maxTokens,
            SamplingParameters.greedy(),
            List.of(),
            true,
            false)
        .named(new RequestId(name));
  }

  /** Events of the lines whose request begins so, by node. */
  private Map<String, List<String>> events(String name) {
    return lines.all.stream()
        .filter(line -> ((String) line.values().get("request")).startsWith(name + "."))
        .collect(
            Collectors.groupingBy(
                line -> (String) line.values().get("node"),
                Collectors.mapping(
                    line -> (String) line.values().get("event"), Collectors.toList())));
  }

  private LogFields line(String name, String event) {
    return lines.all.stream()
        .filter(line -> ((String) line.values().get("request")).startsWith(name + "."))
        .filter(line -> line.values().get("event").equals(event))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theStoryOfARequestCanBeReadByItsId() throws Exception {
    try (LocalCluster cluster = LocalCluster.planned(new RingMemoryWeighted(), 3, 1L << 30)) {
      cluster.run(request("calm", 8));
      cluster.run(request("calm", 8));

      Map<String, List<String>> events = events("calm");
      assertThat(events.keySet()).isEqualTo(Set.of("node0", "node1", "node2"));
      assertThat(events.get("node0"))
          .containsSubsequence(
              "admitted", "opened", "planned", "first_token", "closed", "finished");
      assertThat(events.get("node1")).containsExactly("opened", "closed", "opened", "closed");
      assertThat(line("calm", "admitted").values())
          .containsEntry("prompt_tokens", (long) PROMPT.ids().size())
          .containsEntry("max_tokens", 8L);
      assertThat(line("calm", "finished").values())
          .containsEntry("reason", "length")
          .containsEntry("completion_tokens", 8L)
          .containsEntry("recoveries", 0L);
      // The client has used the name twice; the two can be told apart all the same.
      assertThat(lines.all.stream().map(line -> line.values().get("request")).distinct())
          .hasSize(2);
    }
  }

  @Test
  void aRecoveryIsPartOfTheStory() throws Exception {
    try (LocalCluster cluster = LocalCluster.planned(new RingMemoryWeighted(), 3, 1L << 30)) {
      List<GenerationEvent> seen = new CopyOnWriteArrayList<>();
      CompletableFuture<GenerationEvent> end = new CompletableFuture<>();
      cluster
          .node(0)
          .generate(
              request("stormy", 32),
              event -> {
                seen.add(event);
                long tokens = seen.stream().filter(GenerationEvent.Token.class::isInstance).count();
                if (event instanceof GenerationEvent.Token && tokens == 5) {
                  cluster.node(2).close();
                } else if (event instanceof GenerationEvent.Finished
                    || event instanceof GenerationEvent.Failed) {
                  end.complete(event);
                }
              });
      assertThat(end.get(60, TimeUnit.SECONDS)).isInstanceOf(GenerationEvent.Finished.class);

      Map<String, List<String>> events = events("stormy");
      assertThat(events.get("node0"))
          .containsSubsequence(
              "admitted",
              "planned",
              "first_token",
              "recovering",
              "planned",
              "recovered",
              "finished");
      assertThat(events.get("node1")).contains("opened", "closed");
      assertThat(events.get("node2")).containsSubsequence("opened", "closed");
      assertThat((Long) line("stormy", "recovering").values().get("attempt")).isEqualTo(1);
      assertThat((String) line("stormy", "recovering").values().get("reason")).isNotBlank();
    }
  }

  @Test
  void aRequestThatIsRefusedHasItsReasonInTheLog() throws Exception {
    try (LocalCluster cluster = LocalCluster.cutBefore()) {
      cluster.run(
          new GenerationRequest(
                  "no/such/model",
                  List.of(1),
                  1,
                  SamplingParameters.greedy(),
                  List.of(),
                  false,
                  false)
              .named(new RequestId("lost")));
      assertThat(line("lost", "refused").values()).containsEntry("kind", "bad_model");
    }
  }
}
