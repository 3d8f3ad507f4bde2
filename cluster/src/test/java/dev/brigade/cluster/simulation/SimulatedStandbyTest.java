package dev.brigade.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.observe.ClusterEvent;
import dev.brigade.cluster.plan.StandbyPlan;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.spi.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Losses in virtual worlds where each shard has a spare holder. */
class SimulatedStandbyTest {
  private static final int NODES = 4;

  private static LongStream seeds() {
    String one = System.getProperty("brigade.simulation.seed");
    return one == null
        ? LongStream.range(0, Long.getLong("brigade.simulation.seeds", 25))
        : LongStream.of(Long.parseLong(one));
  }

  private static GenerationRequest request(Random random, int maxTokens) {
    List<Integer> prompt =
        random.ints(1 + random.nextInt(40), 0, ToyModel.VOCABULARY - 1).boxed().toList();
    SamplingParameters sampling =
        random.nextBoolean()
            ? SamplingParameters.greedy()
            : new SamplingParameters(1.5, 40, 0.95, 0.01, 1.1, 0.3, 0.2, random.nextLong());
    return new GenerationRequest(ToyModel.ID, prompt, maxTokens, sampling, List.of(), true, false);
  }

  @Test
  void aCrashIsFollowedByTheStandbyAndByNoLoading() {
    int[] recovered = {0};
    seeds()
        .forEach(
            seed -> {
              Faults faults = seed % 2 == 0 ? Faults.none() : Faults.unordered();
              recovered[0] += crash(seed, faults);
            });
    // Some crashes come too late for the requests of their worlds, most do not.
    assertThat(recovered[0]).isPositive();
  }

  /**
   * @return how many requests have been moved
   */
  private static int crash(long seed, Faults faults) {
    try {
      Random random = new Random(seed);
      Simulation simulation = new Simulation(seed, faults, NODES, true, Simulation.MEMORY);
      simulation.generate(0, request(random, 1));
      simulation.run(Duration.ofSeconds(20));
      List<String> standbys =
          simulation.node(0).state().standbys().stream()
              .map(StandbyPlan::plan)
              .map(plan -> plan.id())
              .toList();
      assertThat(standbys).as("seed %d: standbys", seed).hasSize(NODES - 1);

      List<GenerationRequest> requests = new ArrayList<>();
      List<List<GenerationEvent>> answers = new ArrayList<>();
      List<Integer> loadsWhenPlanned = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        requests.add(request(random, 20 + random.nextInt(40)));
        List<GenerationEvent> events = new ArrayList<>();
        answers.add(events);
        simulation
            .node(0)
            .generate(
                requests.get(i),
                event -> {
                  events.add(event);
                  if (event instanceof GenerationEvent.Planned) {
                    loadsWhenPlanned.add(simulation.loads());
                  }
                });
      }
      Duration when = simulation.world().upTo(Duration.ofMillis(400));
      simulation.world().after(when, () -> simulation.kill(1 + (int) (seed % (NODES - 1))));
      simulation.run(Duration.ofMinutes(30));

      int moved = 0;
      for (int i = 0; i < 3; i++) {
        List<GenerationEvent> events = answers.get(i);
        assertThat(events)
            .as("seed %d: ends well", seed)
            .last()
            .isInstanceOf(GenerationEvent.Finished.class);
        GenerationEvent.Finished end = (GenerationEvent.Finished) events.get(events.size() - 1);
        assertThat(end.tokens()).as("seed %d", seed).isEqualTo(ToyModel.answer(requests.get(i)));
        List<String> plans =
            events.stream()
                .filter(GenerationEvent.Planned.class::isInstance)
                .map(event -> ((GenerationEvent.Planned) event).plan().id())
                .distinct()
                .toList();
        assertThat(plans).as("seed %d: plans", seed).hasSizeLessThanOrEqualTo(2);
        if (plans.size() == 2) {
          moved++;
          assertThat(standbys).as("seed %d", seed).contains(plans.get(1));
        }
      }
      assertThat(loadsWhenPlanned).as("seed %d: loads", seed).containsOnly(loadsWhenPlanned.get(0));
      assertThat(simulation.openSequences()).as("seed %d: sequences left", seed).isZero();
      simulation.closeAll();
      assertThat(simulation.openShards()).as("seed %d: shards left", seed).isZero();
      return moved;
    } catch (TransportException e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  @Test
  void twoCrashesInALossyNetworkWithStandbysChangeNoToken() {
    seeds()
        .forEach(
            seed -> {
              try {
                Random random = new Random(seed);
                Simulation simulation =
                    new Simulation(seed, Faults.lossy(), NODES, true, Simulation.MEMORY);
                List<GenerationRequest> requests = new ArrayList<>();
                List<List<GenerationEvent>> answers = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                  GenerationRequest request = request(random, 20 + random.nextInt(40));
                  requests.add(i == 1 ? request.withStandby() : request);
                  answers.add(simulation.generate(i % 2, requests.get(i)));
                }
                for (int node : new int[] {2, 3}) {
                  Duration when = simulation.world().upTo(Duration.ofSeconds(6));
                  simulation.world().after(when, () -> simulation.kill(node));
                }
                simulation.run(Duration.ofMinutes(30));
                for (int i = 0; i < requests.size(); i++) {
                  GenerationEvent end = answers.get(i).get(answers.get(i).size() - 1);
                  assertThat(end).as("seed %d", seed).isInstanceOf(GenerationEvent.Finished.class);
                  assertThat(((GenerationEvent.Finished) end).tokens())
                      .as("seed %d, request %d", seed, i)
                      .isEqualTo(ToyModel.answer(requests.get(i)));
                }
                assertThat(simulation.openSequences()).as("seed %d: sequences", seed).isZero();
                simulation.closeAll();
                assertThat(simulation.openShards()).as("seed %d: shards", seed).isZero();
              } catch (TransportException e) {
                throw new AssertionError("seed " + seed, e);
              }
            });
  }

  @Test
  void aStandbyGivesWayToRequestsAndComesBackAfterThem() throws Exception {
    // Enough to plan the model on one node, which takes 24 800 bytes, 6144 for a KV cache and 8580
    // for hidden states and logits;
    // once loaded it takes less, so that a dozen requests find room, but not beside the standby.
    Simulation simulation = new Simulation(1, Faults.none(), 2, true, 40_000);
    simulation.generate(0, request(new Random(1), 1));
    simulation.run(Duration.ofSeconds(20));
    assertThat(simulation.node(0).state().standbys()).hasSize(1);

    List<ClusterEvent> told = new ArrayList<>();
    simulation.node(0).observe(told::add);
    List<GenerationRequest> requests = new ArrayList<>();
    List<List<GenerationEvent>> answers = new ArrayList<>();
    for (int i = 0; i < 13; i++) {
      requests.add(
          new GenerationRequest(
              ToyModel.ID, List.of(i), 200, SamplingParameters.greedy(), List.of(), true, false));
      answers.add(simulation.generate(0, requests.get(i)));
    }
    simulation.run(Duration.ofMinutes(30));

    for (int i = 0; i < requests.size(); i++) {
      GenerationEvent end = answers.get(i).get(answers.get(i).size() - 1);
      assertThat(end).isInstanceOf(GenerationEvent.Finished.class);
      assertThat(((GenerationEvent.Finished) end).tokens())
          .isEqualTo(ToyModel.answer(requests.get(i)));
    }
    assertThat(told).hasAtLeastOneElementOfType(ClusterEvent.StandbyMissing.class);
    assertThat(told).hasAtLeastOneElementOfType(ClusterEvent.StandbyReady.class);
    assertThat(simulation.node(0).state().standbys()).hasSize(1);
  }
}
