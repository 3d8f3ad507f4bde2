package dev.brigade.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.spi.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The real node code in virtual worlds. A failing seed is named by the assertion; {@code
 * -Dbrigade.simulation.seed=N} runs that one alone, with the nodes' log, and {@code
 * -Dbrigade.simulation.seeds=N} so many.
 */
class SimulatedClusterTest {
  private static final int NODES = 4;
  private static final int REQUESTS = 4;

  /** Three nodes and a bit hold the model, with activations on each. */
  private static final long TIGHT = 18_000;

  private static final Duration TROUBLE = Duration.ofSeconds(6);

  private static final Logger NODES_LOG = Logger.getLogger("dev.brigade.cluster");

  @BeforeAll
  static void keepTheNodesQuietUnlessOneIsWatched() {
    if (System.getProperty("brigade.simulation.seed") == null) {
      NODES_LOG.setLevel(Level.OFF);
    }
  }

  @AfterAll
  static void letTheNodesSpeak() {
    NODES_LOG.setLevel(null);
  }

  private static LongStream seeds(int usually) {
    String one = System.getProperty("brigade.simulation.seed");
    return one == null
        ? LongStream.range(0, Integer.getInteger("brigade.simulation.seeds", usually))
        : LongStream.of(Long.parseLong(one));
  }

  @Test
  void delayedReorderedAndDoubledMessagesChangeNoToken() {
    seeds(40).forEach(seed -> check(seed, Faults.unordered(), Simulation.MEMORY, List.of()));
  }

  @Test
  void lostMessagesChangeNoToken() {
    seeds(40).forEach(seed -> check(seed, Faults.lossy(), Simulation.MEMORY, List.of()));
  }

  @ParameterizedTest
  @EnumSource
  void noMishapChangesAToken(Mishap mishap) {
    seeds(20).forEach(seed -> check(seed, Faults.none(), Simulation.MEMORY, List.of(mishap)));
  }

  @ParameterizedTest
  @EnumSource
  void aMishapThatComesTwiceInALossyNetworkChangesNoToken(Mishap mishap) {
    seeds(15)
        .forEach(seed -> check(seed, Faults.lossy(), Simulation.MEMORY, List.of(mishap, mishap)));
  }

  @Test
  void manyMishapsAtOnceChangeNoToken() {
    seeds(120).forEach(seed -> check(seed, Faults.of(seed), Simulation.MEMORY, mishaps(seed)));
  }

  @Test
  void whereMemoryIsScarceARequestEndsWithItsTokensOrAnHonestError() {
    seeds(60).forEach(seed -> check(seed, Faults.of(seed), TIGHT, mishaps(seed)));
  }

  @Test
  void oneSeedHasOneHistory() throws TransportException {
    assertThat(history(7)).isEqualTo(history(7)).isNotEqualTo(history(8));
  }

  private static long history(long seed) throws TransportException {
    Simulation simulation = troubled(seed, Faults.lossy(), Simulation.MEMORY, mishaps(seed));
    simulation.runUntilAnswered(Duration.ofMinutes(10));
    return simulation.world().count();
  }

  private static List<Mishap> mishaps(long seed) {
    Random random = new Random(~seed);
    List<Mishap> mishaps = new ArrayList<>();
    for (int i = 0; i < 2 + random.nextInt(5); i++) {
      mishaps.add(Mishap.values()[random.nextInt(Mishap.values().length)]);
    }
    return mishaps;
  }

  private static void check(long seed, Faults faults, long memory, List<Mishap> mishaps) {
    Simulation simulation = null;
    try {
      simulation = troubled(seed, faults, memory, mishaps);
      new Invariants(simulation, memory == Simulation.MEMORY).hold();
    } catch (AssertionError | Exception e) {
      String diary = simulation == null ? "" : simulation.diary();
      throw new AssertionError(
          "seed %d, %s, %s:%n%s%n%s".formatted(seed, faults, mishaps, diary, e.getMessage()), e);
    }
  }

  /** Requests at two entries, and mishaps while they run. */
  private static Simulation troubled(long seed, Faults faults, long memory, List<Mishap> mishaps)
      throws TransportException {
    Simulation simulation = new Simulation(seed, faults, NODES, seed % 5 == 0, memory);
    Random random = new Random(seed);
    for (int i = 0; i < REQUESTS; i++) {
      int entry = i % Mishap.ENTRIES;
      GenerationRequest request = request(random);
      Duration when = i < Mishap.ENTRIES ? Duration.ZERO : simulation.world().upTo(TROUBLE);
      simulation.world().after(when, () -> simulation.generate(entry, request));
    }
    for (Mishap mishap : mishaps) {
      simulation
          .world()
          .after(simulation.world().upTo(TROUBLE), () -> mishap.befall(simulation, random));
    }
    simulation.run(TROUBLE);
    return simulation;
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
}
