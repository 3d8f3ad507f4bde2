package dev.brigade.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sizes, bytes and names that are not true. */
@Timeout(60)
class LyingHubTest {
  private static final String WEIGHTS = "model.safetensors";
  @TempDir private Path cache;
  private final TestHub hub = new TestHub();
  private final byte[] weights = hub.get(WEIGHTS);

  @AfterEach
  void close() {
    hub.close();
  }

  private HubUser user() {
    return new HubUser(hub.uri(), cache);
  }

  private void stateSize(String name, String size) {
    hub.spoil(
        "HEAD",
        name,
        (number, question, out) -> {
          Map<String, String> headers = new TreeMap<>();
          headers.put("ETag", "\"" + hub.etag(name) + "\"");
          headers.put("X-Linked-Size", size);
          HttpPeer.head(out, 200, headers);
          return true;
        });
  }

  /** Answers all of it under another length. */
  private void sendUnderLength(int length) {
    hub.spoil(
        "GET",
        WEIGHTS,
        (number, question, out) -> {
          if (question.from() > 0) {
            return false;
          }
          HttpPeer.head(out, 200, Map.of("Content-Length", String.valueOf(length)));
          hub.send(question, out, weights, 0, weights.length);
          return true;
        });
  }

  @Test
  void aLengthThatIsTooShortCostsOneMoreRequest() throws Exception {
    sendUnderLength(100_000);
    assertThat(HubUser.bytes(user().fetch(), WEIGHTS)).isEqualTo(weights);
    assertThat(hub.peer().questions("GET", WEIGHTS).get(1).from()).isEqualTo(100_000);
  }

  @Test
  void aLengthThatIsTooLongLooksLikeABrokenConnection() throws Exception {
    sendUnderLength(weights.length + 5_000);
    assertThat(HubUser.bytes(user().fetch(), WEIGHTS)).isEqualTo(weights);
  }

  @Test
  void aWrongSizeIsNoHarmWhereTheHashIsRight() throws Exception {
    for (String size : new String[] {"10", "200000", "400000", "nonsense", "0"}) {
      stateSize(WEIGHTS, size);
      Path other = Files.createDirectory(cache.resolve("for" + size));
      HubModel model = new HubUser(hub.uri(), other).fetch();
      assertThat(HubUser.bytes(model, WEIGHTS)).as("size %s", size).isEqualTo(weights);
    }
  }

  @Test
  void wrongBytesAreFetchedOnceMoreFromTheStart() throws Exception {
    spoilByte(0);
    HubUser user = user();
    assertThat(HubUser.bytes(user.fetch(), WEIGHTS)).isEqualTo(weights);
    assertThat(hub.peer().questions("GET", WEIGHTS))
        .hasSize(2)
        .allMatch(question -> question.from() == 0);
  }

  @Test
  void bytesThatStayWrongAreRefusedAndNotKept() throws Exception {
    spoilByte(Integer.MAX_VALUE);
    HubUser user = user();
    assertThatThrownBy(user::fetch)
        .isInstanceOfSatisfying(
            HubException.class, e -> assertThat(e.kind()).isEqualTo(HubException.Kind.BAD_CONTENT))
        .hasMessageContainingAll(WEIGHTS, "org/tiny", hub.etag(WEIGHTS), "twice");
    assertThat(hub.peer().questions("GET", WEIGHTS)).hasSize(2);
    assertThat(user.part(hub)).doesNotExist();
    assertThat(user.repository().resolve("blobs").resolve(hub.etag(WEIGHTS))).doesNotExist();
    assertThat(user.repository().resolve("snapshots/" + TestHub.COMMIT + "/" + WEIGHTS))
        .doesNotExist();
  }

  private void spoilByte(int last) {
    hub.spoil(
        "GET",
        WEIGHTS,
        (number, question, out) -> {
          if (number > last) {
            return false;
          }
          byte[] wrong = weights.clone();
          wrong[12_345]++;
          HttpPeer.head(out, 200, Map.of("Content-Length", String.valueOf(wrong.length)));
          hub.send(question, out, wrong, 0, wrong.length);
          return true;
        });
  }

  @Test
  void aSpoiltRestOfAnEarlierDownloadIsFetchedAnew() throws Exception {
    HubUser user = user();
    user.open();
    Files.write(user.part(hub), TestHub.weights(150_000, 99));
    assertThat(HubUser.bytes(user.fetch(), WEIGHTS)).isEqualTo(weights);
    Path longer = Files.createDirectory(cache.resolve("longer"));
    HubUser other = new HubUser(hub.uri(), longer);
    other.open();
    Files.write(other.part(hub), TestHub.weights(400_000, 99));
    assertThat(HubUser.bytes(other.fetch(), WEIGHTS)).isEqualTo(weights);
  }

  @Test
  void smallFilesWithoutRightHashAreRefused() {
    hub.spoil(
        "GET",
        "tokenizer.json",
        (number, question, out) -> {
          HttpPeer.head(out, 200, Map.of("Content-Length", "2"));
          out.write("[]".getBytes(java.nio.charset.StandardCharsets.UTF_8));
          return true;
        });
    assertThatThrownBy(() -> user().open())
        .isInstanceOf(HubException.class)
        .hasMessageContainingAll("tokenizer.json", "twice");
  }

  @Test
  void aModelThatDoesNotFitTheDiskIsRefusedBeforehand() {
    stateSize(WEIGHTS, "9000000000000000");
    assertThatThrownBy(() -> user().fetch())
        .isInstanceOfSatisfying(
            HubException.class, e -> assertThat(e.kind()).isEqualTo(HubException.Kind.DISK))
        .hasMessageContainingAll("org/tiny", "MiB are free", "HF_HUB_CACHE");
    assertThat(hub.peer().questions("GET", WEIGHTS)).isEmpty();
  }

  @Test
  void aConfigAsLargeAsAModelIsNotFetched() {
    stateSize("config.json", "500000000");
    assertThatThrownBy(() -> user().open())
        .isInstanceOf(HubException.class)
        .hasMessageContainingAll("config.json", "500000000", "not fetched");
  }

  @Test
  void aConfigWithoutEndIsCutOff() {
    hub.spoil("HEAD", "config.json", (n, question, out) -> headWithoutSize(out));
    hub.spoil(
        "GET",
        "config.json",
        (number, question, out) -> {
          HttpPeer.head(out, 200, Map.of());
          byte[] zeros = new byte[1 << 20];
          while (true) {
            out.write(zeros);
          }
        });
    assertThatThrownBy(() -> user().open())
        .isInstanceOf(HubException.class)
        .hasMessageContainingAll("config.json", "no end");
  }

  private boolean headWithoutSize(OutputStream out) throws IOException {
    HttpPeer.head(out, 200, Map.of("ETag", hub.etag("config.json")));
    return true;
  }

  @Test
  void hashesThatWouldLeadOutOfTheCacheAreRefused() {
    for (String etag : new String[] {"../../evil", "..", "a/b", "C:\\x", "", ".hidden"}) {
      hub.spoil(
          "HEAD",
          "config.json",
          (number, question, out) -> {
            HttpPeer.head(out, 200, Map.of("ETag", "\"" + etag + "\"", "Content-Length", "5"));
            return true;
          });
      assertThatThrownBy(() -> user().open())
          .as(etag)
          .isInstanceOf(HubException.class)
          .hasMessageContaining("etag");
    }
  }

  @Test
  void aListingThatIsNoneIsToldWithItsAddress() {
    for (String text : new String[] {"<html>", "{}", "{\"sha\":\"../..\"}", "[1]"}) {
      hub.spoil(
          "GET",
          "listing",
          (number, question, out) -> {
            HttpPeer.head(out, 200, Map.of("Content-Length", String.valueOf(text.length())));
            out.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return true;
          });
      assertThatThrownBy(() -> user().open())
          .as(text)
          .isInstanceOf(HubException.class)
          .hasMessageContainingAll("/api/models/org/tiny/revision/main", "address of a hub");
    }
  }
}
