package dev.brigade.launcher.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.ServedModel;
import dev.brigade.launcher.config.HubSection;
import dev.brigade.model.hub.HubEnvironment;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Shard;
import dev.brigade.testkit.golden.GoldenModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes with caches of their own and a model of a hub. */
class HubModelsTest {
  @TempDir private Path temp;
  private final FolderHub hub = new FolderHub(GoldenModel.named("llama_sharded").folder());

  @AfterEach
  void close() {
    hub.close();
  }

  private ModelLocations locations(String node) {
    HubSection section =
        new HubSection(
            Optional.of(hub.endpoint()),
            Optional.empty(),
            Optional.of(temp.resolve(node)),
            Optional.empty());
    HubEnvironment environment = new HubEnvironment(Map.of(), temp);
    return new ModelLocations(Optional.empty(), new HubModels(section, environment, step -> {}));
  }

  @Test
  void aNodeThatHasNeverHeardOfTheModelTakesAStageOfIt() throws Exception {
    ModelLocations mine = locations("entry");
    ModelLocations others = locations("other");
    try (LocalModels entry = new LocalModels(List.of(mine.find(FolderHub.ID)), mine);
        LocalModels other = new LocalModels(List.of(), others)) {
      ModelRef planned = entry.open(FolderHub.ID).ref();
      assertThat(planned).isEqualTo(new ModelRef(FolderHub.ID, FolderHub.COMMIT));
      assertThat(hub.fetched()).noneMatch(file -> file.endsWith(".safetensors"));

      ServedModel stage = other.open(planned);
      assertThat(stage.ref()).isEqualTo(planned);
      int layers = stage.shape().layers();
      Shard last = new Shard(planned, layers - 1, layers, layers);
      stage.weights().fetch(last, step -> {}, Cancellation.none());
      List<String> some = hub.fetched().stream().filter(f -> f.endsWith(".safetensors")).toList();
      assertThat(some).isNotEmpty().doesNotHaveDuplicates().hasSizeLessThan(files());
      assertThat(other.open(planned)).isSameAs(stage);
    }
  }

  private static int files() throws Exception {
    try (var files = java.nio.file.Files.list(GoldenModel.named("llama_sharded").folder())) {
      return (int) files.filter(file -> file.toString().endsWith(".safetensors")).count();
    }
  }

  @Test
  void clientsCannotMakeANodeFetchWhatItsUserHasNotNamed() {
    ModelLocations locations = locations("node");
    try (LocalModels models = new LocalModels(List.of(), locations)) {
      assertThatThrownBy(() -> models.open(FolderHub.ID))
          .isInstanceOfSatisfying(
              RequestException.class,
              e -> assertThat(e.kind()).isEqualTo(RequestException.Kind.MODEL_NOT_FOUND));
      assertThat(hub.fetched()).isEmpty();
    }
  }

  @Test
  void whyAModelIsNotToBeHadIsTold() {
    assertThatThrownBy(() -> locations("node").find("org/unknown"))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContainingAll("org/unknown", hub.endpoint());
  }
}
