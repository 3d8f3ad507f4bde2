package dev.brigade.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.ModelShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {
  private static final String CONFIG =
      """
      {"model_type":"llama","hidden_size":8,"num_attention_heads":2,"num_key_value_heads":1,
       "num_hidden_layers":2,"intermediate_size":12,"vocab_size":10,"eos_token_id":[3,4],
       "tie_word_embeddings":%s}""";

  @TempDir Path folder;

  @BeforeEach
  void writeConfig() throws IOException {
    Files.writeString(folder.resolve("config.json"), CONFIG.formatted("false"));
  }

  @Test
  void aFolderWithOnlyAConfigOpens() throws EngineException {
    try (ModelFiles model = ModelFiles.open(folder)) {
      assertThat(model.decoder().shape().layers()).isEqualTo(2);
      assertThat(model.generation().eosIds()).containsExactly(3, 4);
      assertThat(model.ref("tiny").id()).isEqualTo("tiny");
      assertThatThrownBy(model::checkpoint)
          .isInstanceOf(BadModel.class)
          .hasMessageContaining("model.safetensors");
    }
  }

  @Test
  void whatAModelCostsFollowsFromItsConfig() throws EngineException {
    try (ModelFiles model = ModelFiles.open(folder)) {
      ModelShape shape = model.shape(model.ref("tiny"));
      // Queries and output 8 x 8, key and value 4 x 8, three of 12 x 8, two norms.
      assertThat(shape.layerWeights()).containsExactly(496L, 496L);
      assertThat(shape.layerKv()).containsExactly(8L, 8L);
      assertThat(shape.embeddingWeights()).isEqualTo(80);
      assertThat(shape.headWeights()).isEqualTo(88);
      assertThat(shape.tied()).isFalse();
      assertThat(shape.weights(0, 2)).isEqualTo(2 * 496 + 80 + 88);
    }
  }

  @Test
  void aTiedTableCountsOnceWhereBothEndsAre() throws EngineException, IOException {
    Files.writeString(folder.resolve("config.json"), CONFIG.formatted("true"));
    try (ModelFiles model = ModelFiles.open(folder)) {
      ModelShape shape = model.shape(model.ref("tiny"));
      assertThat(shape.tied()).isTrue();
      assertThat(shape.weights(0, 2)).isEqualTo(2 * 496 + 88);
      assertThat(shape.weights(1, 2)).isEqualTo(496 + 88);
    }
  }

  @Test
  void aTokenGoesThroughTheExpertsThatAreChosenForIt() throws EngineException, IOException {
    String mixtral =
        CONFIG
            .formatted("false")
            .replace("llama\"", "mixtral\",\"num_local_experts\":4,\"num_experts_per_tok\":2");
    Files.writeString(folder.resolve("config.json"), mixtral);
    try (ModelFiles model = ModelFiles.open(folder)) {
      ModelShape shape = model.shape(model.ref("tiny"));
      // Attention and norms 208, the router 4 x 8, experts of three times 12 x 8.
      assertThat(shape.layerWeights()).containsExactly(240L + 4 * 288, 240L + 4 * 288);
      assertThat(shape.layerReads()).containsExactly(240L + 2 * 288, 240L + 2 * 288);
      assertThat(shape.reads(0, 2)).isEqualTo(2 * (240 + 2 * 288) + 88);
    }
  }

  @Test
  void weightsThatAreStoredInGroupsAreCountedSoForAnEngineThatKeepsThem()
      throws EngineException, IOException {
    String groups =
        CONFIG
            .formatted("false")
            .replaceFirst("}$", ",\"quantization\":{\"group_size\":64,\"bits\":4}}");
    Files.writeString(folder.resolve("config.json"), groups);
    try (ModelFiles model = ModelFiles.open(folder)) {
      ModelShape shape = model.shape(model.ref("tiny"));
      List<EngineProfile.Cost> costs =
          List.of(new EngineProfile.Cost(Precision.BF16, 2, 2, DType.BF16, Map.of()));
      for (boolean keeps : new boolean[] {true, false}) {
        EngineProfile profile =
            new EngineProfile("test", "cpu", costs, Set.of(DType.F32), 1, 0, keeps);
        // 4 bits each, and scale and bias of 16 bits for 64.
        assertThat(shape.cost(profile, Precision.BF16).orElseThrow().bytesPerWeight())
            .isEqualTo(keeps ? 0.5625 : 2);
      }
    }
  }

  @Test
  void theFingerprintTellsModelsApartByConfigAndByWeights() throws EngineException, IOException {
    String configOnly = fingerprint();
    writeWeights(0f);
    String zeros = fingerprint();
    writeWeights(1f);
    String ones = fingerprint();
    Files.writeString(folder.resolve("config.json"), CONFIG.formatted("true"));
    assertThat(java.util.Set.of(configOnly, zeros, ones, fingerprint())).hasSize(4);
    Files.writeString(folder.resolve("README.md"), "irrelevant");
    Files.writeString(folder.resolve("config.json"), CONFIG.formatted("false"));
    assertThat(fingerprint()).isEqualTo(ones);
  }

  @Test
  void whatIsNoModelIsRefusedWithTheReason() throws IOException {
    assertThatThrownBy(() -> ModelFiles.open(folder.resolve("nowhere")))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("nowhere is no folder");
    Files.delete(folder.resolve("config.json"));
    assertThatThrownBy(() -> ModelFiles.open(folder))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("config.json is missing");
  }

  private String fingerprint() throws EngineException {
    try (ModelFiles model = ModelFiles.open(folder)) {
      return model.ref("tiny").fingerprint();
    }
  }

  /** One tensor of two MiB, so that its end lies beyond what is digested whole. */
  private void writeWeights(float last) throws IOException {
    int floats = 1 << 19;
    byte[] header =
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
            .formatted(floats, floats * 4)
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length + floats * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length).put(header);
    for (int i = 0; i < floats; i++) {
      bytes.putFloat(i < floats / 2 + 100 ? 0 : last);
    }
    Files.write(folder.resolve("model.safetensors"), bytes.array());
  }
}
