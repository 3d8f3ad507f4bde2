package dev.brigade.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brigade.model.ModelFiles;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.spi.engine.LoadRequest;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.partition.ModelShape;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.golden.GoldenModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * How every engine loads shards and lets them go: the rules of {@link InferenceEngine}. Extend
 * {@link InferenceEngineContract}.
 *
 * @param <C> the engine's configuration
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EngineLoadingContract<C extends Record> {
  /** The host of all engines of the tests. */
  TestHost host;

  /** The engine under test; one for all tests. */
  protected InferenceEngine engine;

  EngineLoadingContract() {}

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

  /**
   * What the engine's native library says that it holds now, in bytes or objects; empty if it keeps
   * no count. Must come back to what it was whenever all is closed.
   */
  protected OptionalLong nativelyHeld() {
    return OptionalLong.empty();
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

  /** Once for each engine: what loads and frees is the same in every precision. */
  @Test
  void aHundredLoadsLeaveNothing() throws EngineException {
    assumeTrue(precision().equals(Precision.F32), "done in f32");
    loadUseAndClose();
    OptionalLong before = nativelyHeld();
    for (int i = 0; i < 100; i++) {
      loadUseAndClose();
      assertThat(nativelyHeld()).as("after %d loads", i + 1).isEqualTo(before);
    }
  }

  private void loadUseAndClose() throws EngineException {
    ShardChain chain = loadLlama(2);
    ChainSequence sequence = chain.open(64, 10);
    chain.feed(sequence, ids(0, 10));
    sequence.fork(64, 10);
    chain.close();
    assertThat(chain.shards()).allMatch(shard -> shard.memory().total() == 0);
  }

  @Test
  void aShardIsLoadedWhileAnotherComputes() throws Exception {
    ExecutorService loader = Executors.newSingleThreadExecutor();
    try (ShardChain chain = loadLlama()) {
      float[] expected = chain.feed(chain.open(40, 40), ids(0, 30));
      Future<ShardChain> loading = loader.submit(() -> loadLlama(2));
      do {
        try (ChainSequence sequence = chain.open(40, 40)) {
          assertSame(chain.feed(sequence, ids(0, 30)), expected);
        }
      } while (!loading.isDone());
      try (ShardChain loaded = loading.get()) {
        assertSame(loaded.feed(loaded.open(40, 40), ids(0, 30)), expected);
      }
    } finally {
      loader.shutdown();
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

  static GoldenModel llama() {
    return GoldenModel.named("llama");
  }

  ShardChain loadLlama(int... cuts) throws EngineException {
    return ShardChain.load(engine, llama().folder(), precision(), cuts);
  }

  /** Some tokens of the longest prompt. */
  static List<Integer> ids(int from, int to) {
    return llama().prompts().get(2).ids().subList(from, to);
  }

  void assertSame(float[] logits, float[] expected) {
    double deviation = llama().prompts().get(2).logitDeviation();
    Closeness.assertClose(logits, expected, consistency() * deviation);
  }
}
