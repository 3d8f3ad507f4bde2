package dev.brigade.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.model.architecture.Architectures;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.WeightCensus;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node fetches the files that hold its layers, and only those. */
@Timeout(60)
class ShardFilesTest {
  private static final int LAYERS = 4;
  @TempDir private Path cache;
  private final TestHub hub = new TestHub();
  private final Map<String, String> index = new TreeMap<>();

  /** Embedding in file 1, layers 0 and 1 in 2, layers 2 and 3 in 3, the rest in 4. */
  @BeforeEach
  void shardedModel() throws Exception {
    hub.remove("model.safetensors");
    config(false);
    Decoder decoder = decoder("config.json");
    names(decoder, 0, LAYERS).forEach(name -> index.put(name, file(name)));
    writeIndex();
    for (int i = 1; i <= 4; i++) {
      hub.put("model-0000%d-of-00004.safetensors".formatted(i), TestHub.weights(1000 * i, i));
    }
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private HubUser user() {
    return new HubUser(hub.uri(), cache);
  }

  private String config = "";

  private void config(boolean tied) {
    config =
        ("{'model_type':'llama','hidden_size':8,'num_attention_heads':2,'num_hidden_layers':%d,"
                + "'intermediate_size':12,'vocab_size':10,'tie_word_embeddings':%b}")
            .formatted(LAYERS, tied)
            .replace('\'', '"');
    hub.put("config.json", config);
  }

  private Decoder decoder(String where) throws EngineException {
    return Architectures.decoder(ModelConfig.parse(config, where));
  }

  private static Set<String> names(Decoder decoder, int first, int last) {
    Set<String> names = new java.util.TreeSet<>();
    for (Weight weight : WeightCensus.ofShard(decoder, first, last)) {
      collect(weight, names);
    }
    return names;
  }

  private static void collect(Weight weight, Set<String> names) {
    if (weight instanceof Weight.Named named) {
      names.add(named.name());
    } else if (weight instanceof Weight.FirstOf alternatives) {
      collect(alternatives.alternatives().get(0), names);
    } else {
      throw new AssertionError("llama has no " + weight);
    }
  }

  private static String file(String tensor) {
    int file = 4;
    if (tensor.contains("embed")) {
      file = 1;
    } else if (tensor.contains("layers.")) {
      int layer = Integer.parseInt(tensor.replaceAll(".*layers\\.(\\d+)\\..*", "$1"));
      file = layer < 2 ? 2 : 3;
    }
    return "model-0000%d-of-00004.safetensors".formatted(file);
  }

  private void writeIndex() {
    StringBuilder map = new StringBuilder();
    index.forEach((tensor, file) -> map.append(",\"%s\":\"%s\"".formatted(tensor, file)));
    hub.put("model.safetensors.index.json", "{\"weight_map\":{" + map.substring(1) + "}}");
  }

  private static Set<String> files(int... numbers) {
    Set<String> files = new java.util.TreeSet<>();
    for (int number : numbers) {
      files.add("model-0000%d-of-00004.safetensors".formatted(number));
    }
    return files;
  }

  @Test
  void theFilesOfAShardFollowFromItsLayers() throws Exception {
    HubModel model = user().open();
    Decoder decoder = decoder("config.json");
    assertThat(model.weightFiles(decoder, 0, 1)).isEqualTo(files(1, 2));
    assertThat(model.weightFiles(decoder, 1, 2)).isEqualTo(files(2));
    assertThat(model.weightFiles(decoder, 1, 3)).isEqualTo(files(2, 3));
    assertThat(model.weightFiles(decoder, 3, 4)).isEqualTo(files(3, 4));
    assertThat(model.weightFiles(decoder, 0, 4)).isEqualTo(files(1, 2, 3, 4));
  }

  @Test
  void theLastShardOfATiedModelNeedsTheEmbedding() throws Exception {
    config(true);
    HubModel model = user().open();
    assertThat(model.weightFiles(decoder("config.json"), 3, 4)).isEqualTo(files(1, 3, 4));
  }

  @Test
  void onlyTheseFilesAreFetchedAndTheFingerprintIsThatOfAll() throws Exception {
    HubModel some = user().open();
    some.fetchWeights(decoder("config.json"), 1, 3, step -> {}, Cancellation.none());
    assertThat(hub.weightBytes()).isEqualTo(2000 + 3000);
    assertThat(hub.peer().questions("HEAD", "1-of-00004.safetensors")).isEmpty();
    String before = some.fingerprint();
    some.fetchWeights(decoder("config.json"), 0, 4, step -> {}, Cancellation.none());
    assertThat(hub.weightBytes()).isEqualTo(1000 + 2000 + 3000 + 4000);
    assertThat(user().offline().open().fingerprint()).isEqualTo(before);
  }

  @Test
  void aTensorThatTheIndexLacksIsNamed() throws Exception {
    index.remove("model.layers.2.self_attn.o_proj.weight");
    writeIndex();
    HubModel model = user().open();
    Decoder decoder = decoder("config.json");
    assertThat(model.weightFiles(decoder, 0, 2)).isEqualTo(files(1, 2));
    assertThatThrownBy(() -> model.weightFiles(decoder, 2, 3))
        .isInstanceOf(BadModel.class)
        .hasMessageContainingAll("model.layers.2.self_attn.o_proj.weight", "index.json");
  }

  @Test
  void weightsInOtherFormatsAreNotFetched() throws Exception {
    hub.remove("model.safetensors.index.json");
    HubModel model = user().open();
    assertThatThrownBy(() -> model.weightFiles(decoder("config.json"), 0, 1))
        .isInstanceOf(HubException.class)
        .hasMessageContainingAll("org/tiny", "model.safetensors", "other formats");
  }

  @Test
  void anIndexThatPointsElsewhereIsRefused() throws Exception {
    for (String file : new String[] {"../../secret.safetensors", "modeling_tiny.py"}) {
      index.replaceAll((tensor, old) -> file);
      writeIndex();
      HubModel model = new HubUser(hub.uri(), cache.resolve(file.replaceAll("\\W", ""))).open();
      assertThatThrownBy(
              () ->
                  model.fetchWeights(decoder("config.json"), 0, 1, step -> {}, Cancellation.none()))
          .hasMessageContaining(file);
    }
    assertThat(hub.peer().questions("GET", "modeling_tiny.py")).isEmpty();
  }
}
