package dev.brigade.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.launcher.model.FolderHub;
import dev.brigade.testkit.golden.GoldenModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of a hub, by the command line. */
class HubModelCommandTest {
  private static final Path SHARDED = GoldenModel.named("llama_sharded").folder();
  @TempDir Path temp;

  private CommandRun generate(String model, String hub) throws IOException {
    Path config = Files.writeString(temp.resolve("brigade.yaml"), "hub: " + hub);
    return CommandRun.of(
        "generate",
        "--config",
        config.toString(),
        "--model",
        model,
        "--ids",
        "1,5,9",
        "--engines",
        "reference,reference",
        "--max-tokens",
        "4",
        "--ignore-eos",
        "--json");
  }

  @Test
  void aModelOfTheHubAnswersAsItsFolderDoes() throws Exception {
    CommandRun folder = generate(SHARDED.toString(), "{}");
    assertThat(folder.status()).as(folder.err()).isZero();
    String cache = "cache: " + temp.resolve("cache").toUri().getPath();
    CommandRun fetched;
    try (FolderHub hub = new FolderHub(SHARDED)) {
      fetched = generate(FolderHub.ID, "{ endpoint: '%s', %s }".formatted(hub.endpoint(), cache));
      assertThat(hub.fetched()).doesNotHaveDuplicates();
    }
    assertThat(fetched.status()).as(fetched.err()).isZero();
    assertThat(fetched.json().get("tokens")).isEqualTo(folder.json().get("tokens"));

    CommandRun offline = generate(FolderHub.ID, "{ offline: true, %s }".formatted(cache));
    assertThat(offline.status()).as(offline.err()).isZero();
    assertThat(offline.json().get("tokens")).isEqualTo(folder.json().get("tokens"));
  }

  @Test
  void weightsThatAreNotToBeHadAreOneLine() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("without-weights"));
    for (String file : List.of("config.json", "model.safetensors.index.json")) {
      Files.copy(SHARDED.resolve(file), folder.resolve(file));
    }
    CommandRun run;
    try (FolderHub hub = new FolderHub(folder)) {
      run = generate(FolderHub.ID, "{ endpoint: '%s', cache: cache }".formatted(hub.endpoint()));
    }

    assertThat(run.err()).contains("org/tiny", ".safetensors", "not in the repository");
    assertThat(run.err().strip().lines()).as(run.err()).hasSize(1);
    assertThat(run.status()).isEqualTo(1);
  }

  @Test
  void aModelThatIsNotToBeHadIsOneLine() throws Exception {
    CommandRun run = generate("org/name", "{ offline: true, cache: nowhere }");

    assertThat(run.err()).contains("'org/name' is not in " + temp.resolve("nowhere"), "offline");
    assertThat(run.err().strip().lines()).as(run.err()).hasSize(1);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
  }
}
