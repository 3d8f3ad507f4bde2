package dev.brigade.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.model.ModelFiles;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.LoadRequest;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.partition.ModelShape;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.engine.ShardChain.Turn;
import dev.brigade.testkit.golden.GoldenModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * How every engine behaves, whatever it computes: the rules of {@link InferenceEngine}, {@link
 * LoadedShard} and {@link dev.brigade.spi.engine.Sequence}. Extend {@link InferenceEngineContract}.
 *
 * @param <C> the engine's configuration
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EngineBehaviourContract<C extends Record> {
  /** The host of all engines of the tests. */
  TestHost host;

  /** The engine under test; one for all tests. */
  protected InferenceEngine engine;

  EngineBehaviourContract() {}

  /** Makes the engine that is tested. */
  protected abstract InferenceEngineProvider<C> provider();

  /** Its config. */
  protected abstract C config();

  /** The precision to load models in. */
  protected Precision precision() {
    return Precision.F32;
  }

  /** How close it comes. */
  protected Fidelity fidelity() {
    return Fidelity.f32();
  }

  /**
   * How close it comes to itself, in standard deviations of the logits, whatever else runs beside a
   * sequence and however its cache came about. Where weights are rounded more coarsely than
   * arithmetic, this is far closer than the engine comes to the reference.
   */
  protected double consistency() {
    return fidelity().logits();
  }

  /** The models to check; all unless the engine says which it has. */
  protected List<GoldenModel> models() {
    return GoldenModel.all();
  }

  /** Makes the engine. */
  @BeforeAll
  protected void createEngine() {
    host = TestHost.create();
    engine = provider().create(config(), host);
  }

  /** Closes the engine, twice, as closing must bear. */
  @AfterAll
  protected void closeEngine() {
    engine.close();
    engine.close();
    host.close();
  }

  @Test
  void theProfileSaysWhatTheEngineIsAndHas() {
    assertThat(engine.profile().engine()).isEqualTo(provider().name());
    assertThat(engine.profile().precisions()).contains(precision());
    assertThat(engine.profile().hiddenTypes()).contains(DType.F32);
  }

  @Test
  void aTruncatedSequenceGoesOnAsIfTheRestHadNeverBeen() throws EngineException {
    try (ShardChain chain = loadLlama(2)) {
      ChainSequence straight = chain.open(40, 40);
      float[] expected = chain.feed(straight, ids(0, 30));
      ChainSequence detour = chain.open(40, 40);
      chain.feed(detour, ids(0, 12));
      chain.feed(detour, List.of(9, 8, 7, 6, 5));
      detour.truncate(12);
      assertThat(detour.length()).isEqualTo(12);
      assertSame(chain.feed(detour, ids(12, 30)), expected);
    }
  }

  @Test
  void aForkGoesItsOwnWay() throws EngineException {
    try (ShardChain chain = loadLlama(2)) {
      ChainSequence straight = chain.open(40, 40);
      float[] expected = chain.feed(straight, ids(0, 30));
      ChainSequence origin = chain.open(20, 20);
      chain.feed(origin, ids(0, 12));
      try (ChainSequence fork = origin.fork(40, 40)) {
        chain.feed(origin, List.of(9, 8, 7));
        assertThat(fork.length()).isEqualTo(12);
        assertSame(chain.feed(fork, ids(12, 30)), expected);
        assertThat(origin.length()).isEqualTo(15);
      }
    }
  }

  @Test
  void anExportedCacheIsTakenUpByAnotherSequence() throws EngineException {
    try (ShardChain chain = loadLlama(2);
        ShardChain other = loadLlama(1, 3)) {
      ChainSequence origin = chain.open(40, 40);
      chain.feed(origin, ids(0, 20));
      float[] expected = chain.feed(origin, ids(20, 30));
      KvRecording cache = KvRecording.of(origin, 2, 20);
      ChainSequence successor = other.open(40, 40);
      chain.feed(origin, ids(30, 31));
      other.feed(successor, ids(0, 2));
      cache.importInto(successor);
      assertThat(successor.length()).isEqualTo(20);
      assertSame(other.feed(successor, ids(20, 30)), expected);
    }
  }

  @Test
  void aCancelledPassLeavesAllAsItWas() throws EngineException {
    try (ShardChain chain = loadLlama()) {
      ChainSequence straight = chain.open(40, 40);
      float[] expected = chain.feed(straight, ids(0, 30));
      ChainSequence sequence = chain.open(40, 40);
      chain.feed(sequence, ids(0, 12));
      List<Turn> turn = List.of(new Turn(sequence, ids(12, 30), 1));
      assertThatThrownBy(() -> chain.run(turn, () -> true))
          .isInstanceOf(EngineException.Cancelled.class);
      assertThat(sequence.length()).isEqualTo(12);
      assertSame(chain.run(turn, Cancellation.none())[0], expected);
    }
  }

  @Test
  void whatGoesBeyondASequencesCapacityIsRefused() throws EngineException {
    try (ShardChain chain = loadLlama()) {
      ChainSequence small = chain.open(4, 4);
      ChainSequence large = chain.open(40, 40);
      List<Turn> turns = List.of(new Turn(large, ids(0, 3), 1), new Turn(small, ids(0, 5), 1));
      assertThatThrownBy(() -> chain.run(turns, Cancellation.none()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(small.length()).isZero();
      assertThat(large.length()).isZero();
      chain.feed(small, ids(0, 4));
      assertThat(small.length()).isEqualTo(4);
    }
  }

  @Test
  void aSequenceTwiceInAPassIsRefused() throws EngineException {
    try (ShardChain chain = loadLlama()) {
      Turn turn = new Turn(chain.open(4, 4), ids(0, 1), 1);
      assertThatThrownBy(() -> chain.run(List.of(turn, turn), Cancellation.none()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aSequenceOfAnotherShardIsRefused() throws EngineException {
    try (ShardChain chain = loadLlama();
        ShardChain other = loadLlama()) {
      Turn stray = new Turn(other.open(4, 4), ids(0, 1), 1);
      assertThatThrownBy(() -> chain.run(List.of(stray), Cancellation.none()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void memoryIsCountedAndGivenBack() throws EngineException {
    ModelShape shape;
    try (ModelFiles model = ModelFiles.open(llama().folder())) {
      shape = model.shape(model.ref("llama"));
    }
    var cost = engine.profile().cost(precision()).orElseThrow();
    try (ShardChain chain = loadLlama()) {
      LoadedShard shard = chain.shards().get(0);
      assertThat((double) shard.memory().weights())
          .isGreaterThanOrEqualTo(0.9 * shape.weights(0, 4) * cost.bytesPerWeight());
      assertThat(shard.memory().kv()).isZero();
      List<ChainSequence> sequences = new ArrayList<>();
      for (int count = 1; count <= 3; count++) {
        sequences.add(chain.open(64, 10));
        assertThat((double) shard.memory().kv())
            .isGreaterThanOrEqualTo(count * 64 * shape.kv(0, 4) * cost.bytesPerKvElement());
      }
      chain.feed(sequences.get(0), ids(0, 10));
      sequences.forEach(ChainSequence::close);
      sequences.forEach(ChainSequence::close);
      assertThat(shard.memory().kv()).isZero();
      shard.close();
      shard.close();
      assertThat(shard.memory().total()).isZero();
    }
  }

  @Test
  void aCacheThatCannotFitIsRefusedWithTheSum() throws EngineException {
    try (ShardChain chain = loadLlama()) {
      LoadedShard shard = chain.shards().get(0);
      assertThatThrownBy(() -> shard.open(new SequenceSpec(Integer.MAX_VALUE, 1)))
          .isInstanceOf(InsufficientMemoryException.class);
      assertThat(shard.memory().kv()).isZero();
    }
  }

  @Test
  void loadingStopsWhenCancelled() {
    LoadRequest request =
        new LoadRequest(
            new Shard(new ModelRef("llama", "00000000"), 0, 4, 4), llama().folder(), precision());
    assertThatThrownBy(() -> engine.load(request, progress -> {}, () -> true))
        .isInstanceOf(EngineException.Cancelled.class);
  }

  @Test
  void aMissingTensorIsNamed() {
    Path folder = llama().copy();
    SpoiltFiles.rename(
        folder, "model.layers.2.mlp.up_proj.weight", "model.layers.2.mlp.up_prox.weight");
    assertThatThrownBy(() -> ShardChain.load(engine, folder, precision()))
        .isInstanceOf(EngineException.BadModel.class)
        .hasMessageContaining("model.layers.2.mlp.up_proj.weight");
  }

  @Test
  void aTruncatedFileIsNamed() {
    Path folder = llama().copy();
    SpoiltFiles.truncate(folder.resolve("model.safetensors"), 0.7);
    assertThatThrownBy(() -> ShardChain.load(engine, folder, precision()))
        .isInstanceOf(EngineException.BadModel.class)
        .hasMessageContaining("model.safetensors");
  }

  @Test
  void anUnknownArchitectureIsRefusedByName() {
    Path folder = llama().copy();
    SpoiltFiles.replace(folder.resolve("config.json"), "\"llama\"", "\"llamoid\"");
    LoadRequest request =
        new LoadRequest(
            new Shard(new ModelRef("llamoid", "00000000"), 0, 4, 4), folder, precision());
    assertThatThrownBy(() -> engine.load(request, progress -> {}, Cancellation.none()))
        .isInstanceOf(EngineException.Unsupported.class)
        .hasMessageContaining("llamoid");
  }

  @Test
  void anUnknownPrecisionIsRefusedByName() {
    assertThatThrownBy(
            () -> ShardChain.load(engine, llama().folder(), new Precision("float_of_7_bits")))
        .isInstanceOf(EngineException.Unsupported.class)
        .hasMessageContaining("float_of_7_bits");
  }

  private static GoldenModel llama() {
    return GoldenModel.named("llama");
  }

  private ShardChain loadLlama(int... cuts) throws EngineException {
    return ShardChain.load(engine, llama().folder(), precision(), cuts);
  }

  /** Some tokens of the longest prompt. */
  private static List<Integer> ids(int from, int to) {
    return llama().prompts().get(2).ids().subList(from, to);
  }

  private void assertSame(float[] logits, float[] expected) {
    double deviation = llama().prompts().get(2).logitDeviation();
    Closeness.assertClose(logits, expected, consistency() * deviation);
  }
}
