package dev.brigade.testkit.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.engine.ChainSequence;
import dev.brigade.testkit.engine.ShardChain;
import dev.brigade.testkit.golden.GoldenModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checkpoints in the wild hold more, or the same in another form. */
class StoredFormsTest {
  private TestHost host;
  private InferenceEngine engine;

  @BeforeEach
  void create() {
    host = TestHost.create();
    engine = new ReferenceEngineProvider().create(ReferenceConfig.usual(), host);
  }

  @AfterEach
  void close() {
    engine.close();
    host.close();
  }

  @Test
  void tensorsThatNoRecipeAsksForAreIgnored() throws Exception {
    GoldenModel llama = GoldenModel.named("llama");
    Rewritten strays =
        rewritten(llama)
            .add("model.layers.0.self_attn.rotary_emb.inv_freq", 4)
            .add("model.layers.0.self_attn.masked_bias");
    assertSame(llama, strays.write());
  }

  @Test
  void layersThatPredictFurtherTokensAreIgnored() throws Exception {
    GoldenModel deepseek = GoldenModel.named("deepseek_v3");
    assertSame(
        deepseek,
        rewritten(deepseek)
            .add("model.layers.4.enorm.weight", 64)
            .add("model.layers.4.eh_proj.weight", 64, 128)
            .write());
  }

  @Test
  void aTiedTableMayBeStoredUnderTheHeadsName() throws Exception {
    GoldenModel qwen3 = GoldenModel.named("qwen3");
    assertSame(
        qwen3, rewritten(qwen3).rename("model.embed_tokens.weight", "lm_head.weight").write());
  }

  @Test
  void mixtralsExpertsMayBeFused() throws Exception {
    GoldenModel mixtral = GoldenModel.named("mixtral");
    Rewritten fused = rewritten(mixtral);
    for (int layer = 0; layer < 4; layer++) {
      String old = "model.layers." + layer + ".block_sparse_moe";
      String mlp = "model.layers." + layer + ".mlp";
      fused.rename(old + ".gate.weight", mlp + ".gate.weight");
      fuseExperts(fused, old, List.of("w1", "w3"), "w2", mlp, 4, 12);
    }
    assertSame(mixtral, fused.write());
  }

  @Test
  void qwensExpertsMayBeFused() throws Exception {
    GoldenModel qwen = GoldenModel.named("qwen3_moe");
    Rewritten fused = rewritten(qwen);
    for (int layer = 0; layer < 4; layer++) {
      String mlp = "model.layers." + layer + ".mlp";
      fuseExperts(fused, mlp, List.of("gate_proj", "up_proj"), "down_proj", mlp, 8, 8);
    }
    assertSame(qwen, fused.write());
  }

  @Test
  void anUntiedHeadThatIsMissingIsNamed() throws Exception {
    Path folder =
        rewritten(GoldenModel.named("llama")).rename("lm_head.weight", "head.weight").write();
    assertThatThrownBy(() -> ShardChain.load(engine, folder, Precision.F32))
        .isInstanceOf(EngineException.BadModel.class)
        .hasMessageContaining("'lm_head.weight'");
  }

  private static void fuseExperts(
      Rewritten model,
      String old,
      List<String> in,
      String out,
      String mlp,
      int experts,
      int inner) {
    List<String> gatesAndUps = new ArrayList<>();
    List<String> downs = new ArrayList<>();
    for (int expert = 0; expert < experts; expert++) {
      String at = old + ".experts." + expert + ".";
      in.forEach(name -> gatesAndUps.add(at + name + ".weight"));
      downs.add(at + out + ".weight");
    }
    model.fuse(gatesAndUps, mlp + ".experts.gate_up_proj", experts, 2L * inner, 64);
    model.fuse(downs, mlp + ".experts.down_proj", experts, 64, inner);
  }

  private void assertSame(GoldenModel model, Path folder) throws EngineException {
    assertThat(logits(model, folder)).isEqualTo(logits(model, model.folder()));
  }

  private float[] logits(GoldenModel model, Path folder) throws EngineException {
    List<Integer> ids = model.prompts().get(1).ids();
    try (ShardChain chain = ShardChain.load(engine, folder, Precision.F32)) {
      ChainSequence sequence = chain.open(ids.size(), ids.size());
      return chain.feed(sequence, ids);
    }
  }

  /** The shapes are read from the file's own header. */
  private static Rewritten rewritten(GoldenModel model)
      throws IOException, EngineException.BadModel {
    byte[] file = Files.readAllBytes(model.folder().resolve("model.safetensors"));
    int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    JsonNode header = new JsonMapper().readTree(file, 8, length);
    Map<String, List<Long>> shapes = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      List<Long> shape = new ArrayList<>();
      entry.getValue().path("shape").forEach(size -> shape.add(size.asLong()));
      shapes.put(entry.getKey(), shape);
    }
    return Rewritten.of(model, shapes);
  }
}
