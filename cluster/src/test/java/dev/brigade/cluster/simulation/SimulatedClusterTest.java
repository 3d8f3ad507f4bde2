package dev.brigade.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.spi.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ObjIntConsumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The real node code in virtual worlds. A failing seed is named by the assertion; {@code
 * -Dbrigade.simulation.seed=N} runs that one alone.
 */
class SimulatedClusterTest {
  private static final int NODES = 4;
  private static final int REQUESTS = 3;

  private static LongStream seeds() {
    String one = System.getProperty("brigade.simulation.seed");
    return one == null ? LongStream.range(0, 100) : LongStream.of(Long.parseLong(one));
  }

  @Test
  void delayedReorderedAndDoubledMessagesChangeNoToken() {
    seeds().forEach(seed -> check(seed, Faults.unordered(), (simulation, step) -> {}));
  }

  @Test
  void lostMessagesChangeNoToken() {
    seeds().forEach(seed -> check(seed, Faults.lossy(), (simulation, step) -> {}));
  }

  @Test
  void aCrashedStageIsReplacedAndTheAnswersStayTheSame() {
    seeds()
        .forEach(
            seed ->
                check(
                    seed,
                    Faults.none(),
                    (simulation, step) -> {
                      if (step == 0) {
                        crashSomeTime(simulation, NODES - 1);
                      }
                    }));
  }

  @Test
  void twoCrashesInALossyNetworkChangeNoToken() {
    seeds()
        .forEach(
            seed ->
                check(
                    seed,
                    Faults.lossy(),
                    (simulation, step) -> {
                      if (step == 0) {
                        crashSomeTime(simulation, NODES - 1);
                        crashSomeTime(simulation, NODES - 2);
                      }
                    }));
  }

  private static void crashSomeTime(Simulation simulation, int node) {
    Duration when = simulation.world().upTo(Duration.ofSeconds(4));
    simulation.world().after(when, () -> simulation.crash(node));
  }

  /** Runs requests at two entries and holds each answer against that of an uncut model. */
  private static void check(long seed, Faults faults, ObjIntConsumer<Simulation> schedule) {
    try {
      Simulation simulation = new Simulation(seed, faults, NODES);
      Random random = new Random(seed);
      List<GenerationRequest> requests = new ArrayList<>();
      List<List<GenerationEvent>> answers = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        schedule.accept(simulation, i);
        requests.add(request(random));
        answers.add(simulation.generate(i % 2, requests.get(i)));
      }
      simulation.run(Duration.ofMinutes(30));
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(tokens(answers.get(i), seed))
            .as("seed %d, request %d", seed, i)
            .isEqualTo(ToyModel.answer(requests.get(i)));
      }
      assertThat(simulation.openSequences()).as("seed %d: sequences left", seed).isZero();
      simulation.closeAll();
      assertThat(simulation.openShards()).as("seed %d: shards left", seed).isZero();
    } catch (TransportException e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private static GenerationRequest request(Random random) {
    List<Integer> prompt = new ArrayList<>();
    int length = 1 + random.nextInt(60);
    for (int i = 0; i < length; i++) {
      prompt.add(random.nextInt(ToyModel.VOCABULARY - 1));
    }
    SamplingParameters sampling =
        random.nextBoolean()
            ? SamplingParameters.greedy()
            : new SamplingParameters(1.5, 40, 0.95, 0.01, 1.1, 0.3, 0.2, random.nextLong());
    return new GenerationRequest(
        ToyModel.ID,
        prompt,
        1 + random.nextInt(60),
        sampling,
        List.of(),
        random.nextBoolean(),
        false);
  }

  private static List<Integer> tokens(List<GenerationEvent> events, long seed) {
    assertThat(events).as("seed %d: the request hangs", seed).isNotEmpty();
    GenerationEvent last = events.get(events.size() - 1);
    assertThat(last)
        .as("seed %d: the request has not ended well", seed)
        .isInstanceOf(GenerationEvent.Finished.class);
    List<Integer> streamed =
        events.stream()
            .filter(GenerationEvent.Token.class::isInstance)
            .map(event -> ((GenerationEvent.Token) event).id())
            .toList();
    assertThat(streamed)
        .as("seed %d: streamed", seed)
        .isEqualTo(((GenerationEvent.Finished) last).tokens());
    return streamed;
  }
}
