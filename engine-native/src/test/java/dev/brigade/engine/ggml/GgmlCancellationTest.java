package dev.brigade.engine.ggml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.ClusterSecret;
import dev.brigade.spi.Host;
import dev.brigade.spi.Timer;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.engine.ChainSequence;
import dev.brigade.testkit.engine.ShardChain;
import dev.brigade.testkit.golden.GoldenModel;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A pass ends within its graph, not only between graphs. */
class GgmlCancellationTest {

  /** A host whose timer does the first task at once, and none after it. */
  private static final class HastyHost implements Host {
    private final TestHost host;
    private boolean hasty = true;

    private HastyHost(TestHost host) {
      this.host = host;
    }

    @Override
    public Timer timer() {
      return (delay, task) -> {
        if (hasty) {
          hasty = false;
          task.run();
        }
        return () -> {};
      };
    }

    @Override
    public Clock clock() {
      return host.clock();
    }

    @Override
    public System.Logger logger(String name) {
      return host.logger(name);
    }

    @Override
    public Path cache() {
      return host.cache();
    }

    @Override
    public String cluster() {
      return host.cluster();
    }

    @Override
    public Optional<ClusterSecret> secret() {
      return host.secret();
    }
  }

  @Test
  void aGraphIsLeftBeforeItsNextOperation() throws EngineException {
    List<Integer> ids = GoldenModel.named("llama").prompts().get(2).ids();
    Path model = GoldenModel.named("llama").folder();
    try (TestHost host = TestHost.create();
        InferenceEngine engine =
            new GgmlEngineProvider().create(TestConfigs.single(), new HastyHost(host));
        ShardChain chain = ShardChain.load(engine, model, Precision.F32)) {
      ChainSequence sequence = chain.open(40, 40);
      AtomicInteger looks = new AtomicInteger();
      // Wanted when the pass begins, not wanted any more when its graph runs.
      Cancellation late = () -> looks.incrementAndGet() > 1;
      assertThatThrownBy(() -> chain.run(List.of(new ShardChain.Turn(sequence, ids, 1)), late))
          .isInstanceOf(EngineException.Cancelled.class);
      assertThat(looks).hasValue(2);
      assertThat(sequence.on(0).length()).isZero();
      float[] undisturbed = chain.feed(chain.open(40, 40), ids);
      assertThat(chain.feed(sequence, ids)).isEqualTo(undisturbed);
    }
  }
}
