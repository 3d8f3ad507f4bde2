package dev.brigade.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What lies where, and what is done with it later and without a network. */
@Timeout(60)
class CacheLayoutTest {
  private static final String WEIGHTS = "model.safetensors";
  @TempDir private Path cache;
  private final TestHub hub = new TestHub();

  @AfterEach
  void close() {
    hub.close();
  }

  private HubUser user() {
    return new HubUser(hub.uri(), cache);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theLayoutIsTheOneThatAllToolsShare() throws Exception {
    HubModel model = user().fetch();
    Path repository = cache.resolve("models--org--tiny");
    assertThat(model.folder()).isEqualTo(repository.resolve("snapshots").resolve(TestHub.COMMIT));
    assertThat(repository.resolve("refs/main")).hasContent(TestHub.COMMIT);
    assertThat(names(repository)).containsExactly("blobs", "refs", "snapshots");
    assertThat(names(repository.resolve("blobs")))
        .containsExactlyInAnyOrder(
            hub.etag("config.json"), hub.etag("tokenizer.json"), hub.etag(WEIGHTS));
    assertThat(names(cache.resolve(".locks/models--org--tiny")))
        .contains(hub.etag(WEIGHTS) + ".lock");
    assertThat(HubUser.bytes(model, WEIGHTS)).isEqualTo(hub.get(WEIGHTS));
  }

  @Test
  void entriesAreRelativeLinksSoThatTheCacheCanBeMoved() throws Exception {
    HubModel model = user().fetch();
    Path entry = model.folder().resolve(WEIGHTS);
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.isSymbolicLink(entry));
    assertThat(Files.readSymbolicLink(entry))
        .isEqualTo(Path.of("..", "..", "blobs", hub.etag(WEIGHTS)));
  }

  @Test
  void codeAndWhatIsNotNeededStaysAtTheHub() throws Exception {
    hub.put("additional_chat_templates/tool_use.jinja", "{{ messages }}");
    hub.put("additional_chat_templates/../../../evil.jinja", "{{ messages }}");
    hub.put("onnx/model.safetensors", "{}");
    hub.put("chat_template.jinja", "{{ messages }}");
    HubModel model = user().open();
    assertThat(names(model.folder()))
        .containsExactly(
            "additional_chat_templates", "chat_template.jinja", "config.json", "tokenizer.json");
    assertThat(names(model.folder().resolve("additional_chat_templates")))
        .containsExactly("tool_use.jinja");
    for (String name :
        List.of("modeling_tiny.py", "../config.json", "pytorch_model.bin", "a/b.safetensors")) {
      assertThatThrownBy(() -> model.ensure(Set.of(name), step -> {}, Cancellation.none()))
          .isInstanceOf(HubException.class)
          .hasMessageContainingAll(name, "not a file that is fetched");
    }
  }

  @Test
  void whatIsHereIsNotAskedForAgain() throws Exception {
    user().fetch();
    hub.peer().questions().clear();
    user().fetch();
    assertThat(hub.peer().questions())
        .extracting(HttpPeer.Question::path)
        .containsExactly("/api/models/org/tiny/revision/main");
  }

  @Test
  void aBlobThatSomebodyDeletedIsFetchedAgain() throws Exception {
    HubModel model = user().fetch();
    Files.delete(user().repository().resolve("blobs").resolve(hub.etag(WEIGHTS)));
    Path entry = model.folder().resolve(WEIGHTS);
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.isSymbolicLink(entry));
    user().fetch();
    assertThat(entry).hasBinaryContent(hub.get(WEIGHTS));
  }

  @Test
  void offlineTheCacheServesAndTheHubIsNotAsked() throws Exception {
    HubModel fetched = user().open();
    hub.peer().questions().clear();
    HubModel model = user().offline().open();
    assertThat(model.folder()).isEqualTo(fetched.folder());
    assertThat(model.fingerprint()).isEqualTo(fetched.fingerprint()).isEqualTo(TestHub.COMMIT);
    assertThatThrownBy(() -> user().offline().fetch())
        .isInstanceOf(HubException.class)
        .hasMessageContainingAll(WEIGHTS, "org/tiny", "offline");
    assertThat(hub.peer().questions()).isEmpty();
  }

  @Test
  void offlineWithoutACopyIsRefused() {
    assertThatThrownBy(() -> user().offline().open())
        .isInstanceOfSatisfying(
            HubException.class, e -> assertThat(e.kind()).isEqualTo(HubException.Kind.UNREACHABLE))
        .hasMessageContainingAll("'org/tiny'", cache.toString(), "HF_HUB_OFFLINE");
  }

  @Test
  void aHubThatIsAwayIsNoHarmForWhatIsHere() throws Exception {
    user().fetch();
    hub.close();
    assertThat(HubUser.bytes(user().fetch(), WEIGHTS)).isEqualTo(hub.get(WEIGHTS));
  }

  @Test
  void aCommitIsFoundWithoutABranch() throws Exception {
    user().fetch();
    Files.delete(user().repository().resolve("refs/main"));
    HubModel model =
        user().offline().hub().open(TestHub.ID.at(TestHub.COMMIT), step -> {}, Cancellation.none());
    assertThat(HubUser.bytes(model, WEIGHTS)).isEqualTo(hub.get(WEIGHTS));
  }

  @Test
  void whereLinksAreImpossibleThereAreHardLinksOrCopies() throws Exception {
    Path blob =
        Files.writeString(Files.createDirectories(cache.resolve("blobs")).resolve("b"), "x");
    SnapshotEntry.Way impossible =
        (entry, to) -> {
          throw new UnsupportedOperationException("no links here");
        };
    Path linked = cache.resolve("snapshots/c/linked");
    SnapshotEntry.make(linked, blob, List.of(impossible, SnapshotEntry::hardLink));
    Path copied = cache.resolve("snapshots/c/further/copied");
    SnapshotEntry.make(copied, blob, List.of(impossible, impossible, SnapshotEntry::copy));
    assertThat(Files.isSameFile(linked, blob)).isTrue();
    assertThat(copied).hasContent("x");
    assertThat(Files.isSameFile(copied, blob)).isFalse();
    assertThatThrownBy(
            () -> SnapshotEntry.make(cache.resolve("snapshots/d"), blob, List.of(impossible)))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("no links here");
  }

  @Test
  void aTokenizerAloneCanBeFetched() throws Exception {
    hub.remove(WEIGHTS);
    hub.remove("config.json");
    assertThat(names(user().open().folder())).containsExactly("tokenizer.json");
    assertThat(names(user().offline().open().folder())).containsExactly("tokenizer.json");
  }

  @Test
  void aRepositoryOfSomethingElseIsRefused() {
    hub.remove("config.json");
    hub.remove("tokenizer.json");
    assertThatThrownBy(() -> user().open())
        .isInstanceOf(HubException.class)
        .hasMessageContainingAll("org/tiny", "no language model");
  }
}
