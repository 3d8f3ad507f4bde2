package dev.brigade.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.generation.FinishReason;
import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.observe.ClusterEvent;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.spi.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Losses at chosen moments of a request: each time the answer is that of an undisturbed run. */
class SimulatedRecoveryTest {
  private static final int NODES = 4;

  private static LongStream seeds() {
    String one = System.getProperty("brigade.simulation.seed");
    return one == null ? LongStream.range(0, 25) : LongStream.of(Long.parseLong(one));
  }

  /** Draws by chance and looks back: a token lost, doubled or forgotten changes what follows. */
  private static GenerationRequest request(
      Random random, int promptTokens, int maxTokens, List<String> stop) {
    List<Integer> prompt = random.ints(promptTokens, 0, ToyModel.VOCABULARY - 1).boxed().toList();
    SamplingParameters sampling =
        new SamplingParameters(1.5, 40, 0.95, 0.01, 1.1, 0.3, 0.2, random.nextLong());
    return new GenerationRequest(ToyModel.ID, prompt, maxTokens, sampling, stop, true, false);
  }

  /** One request at node 0 of a world, and what happens at its events. */
  private static final class Story {
    final long seed;
    final Simulation simulation;
    final List<GenerationEvent> events = new ArrayList<>();
    final List<ClusterEvent> told = new ArrayList<>();

    Story(long seed, Faults faults) {
      this.seed = seed;
      try {
        simulation = new Simulation(seed, faults, NODES);
      } catch (TransportException e) {
        throw new AssertionError(e);
      }
      simulation.node(0).observe(told::add);
    }

    int tokens() {
      return (int) events.stream().filter(GenerationEvent.Token.class::isInstance).count();
    }

    /** A node that is not the entry. */
    int other(int which) {
      return 1 + (int) ((seed + which) % (NODES - 1));
    }

    GenerationEvent run(GenerationRequest request, BiConsumer<Story, GenerationEvent> at) {
      simulation
          .node(0)
          .generate(
              request,
              event -> {
                events.add(event);
                at.accept(this, event);
              });
      simulation.run(Duration.ofMinutes(30));
      assertThat(events).as("seed %d: the request hangs", seed).isNotEmpty();
      assertThat(simulation.openSequences()).as("seed %d: sequences left", seed).isZero();
      return events.get(events.size() - 1);
    }

    GenerationEvent.Finished finish(
        GenerationRequest request, BiConsumer<Story, GenerationEvent> at) {
      GenerationEvent end = run(request, at);
      assertThat(end).as("seed %d", seed).isInstanceOf(GenerationEvent.Finished.class);
      return (GenerationEvent.Finished) end;
    }

    String text() {
      return events.stream()
          .map(
              event ->
                  event instanceof GenerationEvent.Token token
                      ? token.text()
                      : event instanceof GenerationEvent.Finished finished ? finished.text() : "")
          .collect(Collectors.joining());
    }
  }

  private static boolean isToken(Story story, GenerationEvent event, int number) {
    return event instanceof GenerationEvent.Token && story.tokens() == number;
  }

  @Test
  void aStageLostWhileALongPromptIsComputedIsReplaced() {
    long recoveries =
        seeds()
            .map(
                seed -> {
                  Story story = new Story(seed, Faults.none());
                  GenerationRequest request = request(new Random(seed), 1300, 8, List.of());
                  boolean[] crashed = {false};
                  GenerationEvent.Finished end =
                      story.finish(
                          request,
                          (s, event) -> {
                            if (event instanceof GenerationEvent.Planned && !crashed[0]) {
                              crashed[0] = true;
                              Duration soon = s.simulation.world().upTo(Duration.ofMillis(20));
                              s.simulation.world().after(soon, () -> s.simulation.kill(s.other(0)));
                            }
                          });
                  assertThat(end.tokens()).as("seed %d", seed).isEqualTo(ToyModel.answer(request));
                  return end.usage().recoveries();
                })
            .sum();
    assertThat(recoveries).isPositive();
  }

  @Test
  void aStopTextThatSpansTheCutEndsTheAnswerWhereItWould() {
    seeds()
        .forEach(
            seed -> {
              GenerationRequest open = request(new Random(seed), 20, 40, List.of());
              String undisturbed =
                  ToyModel.answer(open).stream()
                      .map(ToyModel::letter)
                      .collect(Collectors.joining());
              // The cut is behind the tenth letter.
              String stop = undisturbed.substring(7, 13);
              GenerationRequest request = request(new Random(seed), 20, 40, List.of(stop));
              Story story = new Story(seed, Faults.unordered());
              GenerationEvent.Finished end =
                  story.finish(
                      request,
                      (s, event) -> {
                        if (isToken(s, event, 10)) {
                          s.simulation.kill(s.other(0));
                        }
                      });
              assertThat(end.reason()).as("seed %d", seed).isEqualTo(FinishReason.STOP);
              assertThat(story.text())
                  .as("seed %d", seed)
                  .isEqualTo(undisturbed.substring(0, undisturbed.indexOf(stop)));
            });
  }

  @Test
  void aSecondLossDuringTheRecoveryIsRecoveredToo() {
    seeds()
        .forEach(
            seed -> {
              Story story = new Story(seed, seed % 2 == 0 ? Faults.none() : Faults.lossy());
              GenerationRequest request = request(new Random(seed), 30, 40, List.of());
              boolean[] second = {false};
              story
                  .simulation
                  .node(0)
                  .observe(
                      event -> {
                        if (event instanceof ClusterEvent.Recovering && !second[0]) {
                          second[0] = true;
                          Duration soon = story.simulation.world().upTo(Duration.ofMillis(60));
                          story
                              .simulation
                              .world()
                              .after(soon, () -> story.simulation.kill(story.other(1)));
                        }
                      });
              GenerationEvent.Finished end =
                  story.finish(
                      request,
                      (s, event) -> {
                        if (isToken(s, event, 10)) {
                          s.simulation.kill(s.other(0));
                        }
                      });
              assertThat(end.tokens()).as("seed %d", seed).isEqualTo(ToyModel.answer(request));
            });
  }

  @Test
  void aDrainingStageHandsOverWhatDoesNotEndInTime() {
    long recoveries =
        seeds()
            .map(
                seed -> {
                  Story story = new Story(seed, Faults.unordered());
                  GenerationRequest request = request(new Random(seed), 20, 60, List.of());
                  GenerationEvent.Finished end =
                      story.finish(
                          request,
                          (s, event) -> {
                            if (isToken(s, event, 5)) {
                              s.simulation.node(s.other(0)).drain(Duration.ofMillis(200));
                            }
                          });
                  assertThat(end.tokens()).as("seed %d", seed).isEqualTo(ToyModel.answer(request));
                  return end.usage().recoveries();
                })
            .sum();
    assertThat(recoveries).isPositive();
  }

  @Test
  void anEntryThatDrainsRecoversItsOwnRequestsToo() {
    seeds()
        .forEach(
            seed -> {
              Story story = new Story(seed, Faults.none());
              GenerationRequest request = request(new Random(seed), 20, 60, List.of());
              GenerationEvent.Finished end =
                  story.finish(
                      request,
                      (s, event) -> {
                        if (isToken(s, event, 3)) {
                          s.simulation.node(0).drain(Duration.ofMinutes(10));
                        } else if (isToken(s, event, 6)) {
                          s.simulation.kill(1);
                          s.simulation.kill(2);
                          s.simulation.kill(3);
                        }
                      });
              assertThat(end.tokens()).as("seed %d", seed).isEqualTo(ToyModel.answer(request));
            });
  }

  @Test
  void anEntryThatHasDrainedLongEnoughEndsItsStreamsWithAnError() {
    Story story = new Story(1, Faults.none());
    GenerationEvent end =
        story.run(
            request(new Random(1), 20, 3000, List.of()),
            (s, event) -> {
              if (isToken(s, event, 3)) {
                s.simulation.node(0).drain(Duration.ofMillis(500));
              }
            });
    assertThat(end).isInstanceOf(GenerationEvent.Failed.class);
    RequestException cause = ((GenerationEvent.Failed) end).cause();
    assertThat(cause.kind()).isEqualTo(RequestException.Kind.UNAVAILABLE);
    assertThat(cause).hasMessageContaining("shutting down");
    assertThat(story.tokens()).isBetween(3, 2999);
  }

  @Test
  void whereNothingFitsAnyMoreTheStreamEndsWithTheMemoryThatIsMissing() throws Exception {
    // The whole model takes 39 524 bytes: weights, a KV cache and activations.
    Simulation simulation = new Simulation(1, Faults.none(), 2, false, 26_000);
    List<GenerationEvent> events = new ArrayList<>();
    simulation
        .node(0)
        .generate(
            request(new Random(1), 20, 100, List.of()),
            event -> {
              events.add(event);
              if (events.size() == 8) {
                simulation.kill(1);
              }
            });
    simulation.run(Duration.ofMinutes(2));
    assertThat(events).last().isInstanceOf(GenerationEvent.Failed.class);
    RequestException cause = ((GenerationEvent.Failed) events.get(events.size() - 1)).cause();
    assertThat(cause.kind()).isEqualTo(RequestException.Kind.OUT_OF_MEMORY);
    assertThat(cause)
        .hasMessageContaining("node node0: layers [0, 6)")
        .hasMessageContaining("needs 39524 bytes, it may use 26000");
    assertThat(simulation.openSequences()).isZero();
  }
}
