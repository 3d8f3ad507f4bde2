package dev.brigade.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.Cancellation;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is shown the token, and what is said when it is not enough. */
@Timeout(60)
class HubAccessTest {
  private static final String WEIGHTS = "model.safetensors";
  private static final String TOKEN = "hf_secret";
  @TempDir private Path cache;
  private final TestHub hub = new TestHub();

  @AfterEach
  void close() {
    hub.close();
  }

  private HubUser user() {
    return new HubUser(hub.uri(), cache).withToken(TOKEN);
  }

  private static boolean redirect(OutputStream out, int status, Map<String, String> headers)
      throws java.io.IOException {
    Map<String, String> all = new TreeMap<>(headers);
    all.put("Content-Length", "0");
    HttpPeer.head(out, status, all);
    return true;
  }

  @Test
  void theTokenIsShownToTheHubAndNotToTheStoreThatItSendsTo() throws Exception {
    byte[] weights = hub.get(WEIGHTS);
    try (HttpPeer store = new HttpPeer((question, out) -> hub.file(WEIGHTS, question, out))) {
      Map<String, String> there =
          Map.of(
              "Location",
              store.uri() + "/cdn/x?Signature=a%2Bb~&Expires=9",
              "X-Linked-Etag",
              "\"" + hub.etag(WEIGHTS) + "\"",
              "X-Linked-Size",
              String.valueOf(weights.length));
      hub.spoil("HEAD", WEIGHTS, (n, question, out) -> redirect(out, 302, there));
      hub.spoil("GET", WEIGHTS, (n, question, out) -> redirect(out, 302, there));
      assertThat(HubUser.bytes(user().fetch(), WEIGHTS)).isEqualTo(weights);
      assertThat(hub.peer().questions())
          .isNotEmpty()
          .allMatch(asked -> asked.headers().get("authorization").equals("Bearer " + TOKEN));
      assertThat(store.questions()).hasSize(1).noneMatch(HttpPeer.Question::hasToken);
      assertThat(store.questions().get(0).path()).isEqualTo("/cdn/x?Signature=a%2Bb~&Expires=9");
    }
  }

  @Test
  void anAddressThatHasExpiredIsAskedForAgain() throws Exception {
    try (HttpPeer store =
        new HttpPeer(
            (question, out) -> {
              if (question.path().equals("/expired")) {
                HttpPeer.head(out, 403, Map.of("Content-Length", "0"));
              } else {
                hub.file(WEIGHTS, question, out);
              }
            })) {
      hub.spoil(
          "GET",
          WEIGHTS,
          (number, question, out) -> {
            String path = number == 0 ? "/expired" : "/fresh";
            return redirect(out, 302, Map.of("Location", store.uri() + path));
          });
      assertThat(HubUser.bytes(user().fetch(), WEIGHTS)).isEqualTo(hub.get(WEIGHTS));
    }
  }

  @Test
  void aModelThatHasMovedToAnotherHostIsFollowedWithoutTheToken() throws Exception {
    try (HttpPeer gate =
        new HttpPeer(
            (question, out) -> {
              String moved = question.path().replace("old/name", "org/tiny");
              HttpPeer.head(out, 307, Map.of("Location", hub.uri() + moved));
            })) {
      HubId old = HubId.parse("old/name").orElseThrow();
      HubModel model =
          new HubUser(gate.uri(), cache)
              .withToken(TOKEN)
              .hub()
              .open(old, step -> {}, Cancellation.none());
      assertThat(HubUser.bytes(model, "config.json")).isEqualTo(hub.get("config.json"));
      assertThat(gate.questions()).isNotEmpty().allMatch(HttpPeer.Question::hasToken);
      assertThat(hub.peer().questions()).isNotEmpty().noneMatch(HttpPeer.Question::hasToken);
    }
  }

  @Test
  void redirectsWithinTheHubKeepTheToken() throws Exception {
    hub.spoil(
        "GET",
        "listing",
        (number, question, out) -> {
          return number == 0 && redirect(out, 307, Map.of("Location", question.path() + "?"));
        });
    user().open();
    assertThat(hub.peer().questions()).allMatch(HttpPeer.Question::hasToken);
  }

  @Test
  void redirectsWithoutEndAreGivenUp() {
    hub.spoil(
        "GET",
        "listing",
        (n, question, out) -> redirect(out, 302, Map.of("Location", question.path())));
    assertThatThrownBy(() -> user().open())
        .isInstanceOf(HubException.class)
        .hasMessageContaining("without end");
  }

  @Test
  void redirectsToWhatIsNoWebAddressAreRefused() {
    for (String target : new String[] {"file:///etc/passwd", "ftp://x/y", "", "::"}) {
      hub.spoil(
          "GET", "listing", (n, question, out) -> redirect(out, 302, Map.of("Location", target)));
      assertThatThrownBy(() -> user().open()).as(target).isInstanceOf(HubException.class);
    }
  }

  private HubException refusal(HubUser user, int status, String code) {
    hub.spoil(
        "GET",
        "listing",
        (n, question, out) -> redirect(out, status, Map.of("X-Error-Code", code)));
    try {
      user.open();
      throw new AssertionError("opened");
    } catch (HubException e) {
      assertThat(hub.peer().questions()).as("is not asked again").hasSize(1);
      hub.peer().questions().clear();
      return e;
    }
  }

  @Test
  void aGatedModelSaysWhereItsLicenceIs() {
    HubException gated = refusal(user(), 403, "GatedRepo");
    assertThat(gated.kind()).isEqualTo(HubException.Kind.DENIED);
    assertThat(gated).hasMessageContainingAll("licence", hub.uri() + "/org/tiny", "HF_TOKEN");
    HubException nobody = refusal(new HubUser(hub.uri(), cache), 401, "GatedRepo");
    assertThat(nobody.kind()).isEqualTo(HubException.Kind.DENIED);
    assertThat(nobody).hasMessageContainingAll("licence", hub.uri() + "/org/tiny", "HF_TOKEN");
    assertThat(refusal(user(), 401, "RepoNotFound")).hasMessageContaining("does not accept");
  }

  @Test
  void whatIsNotThereIsNamed() {
    HubException model = refusal(user(), 404, "RepoNotFound");
    assertThat(model.kind()).isEqualTo(HubException.Kind.NOT_FOUND);
    assertThat(model).hasMessageContainingAll("'org/tiny'", hub.uri().toString());
    assertThat(refusal(user(), 404, "RevisionNotFound")).hasMessageContaining("revision 'main'");
  }

  @Test
  void noMessageShowsTheToken() {
    assertThat(refusal(user(), 403, "GatedRepo")).hasMessageNotContaining(TOKEN);
    assertThat(
            new HubSettings(
                hub.uri(), java.util.Optional.of(TOKEN), cache, false, HubUser.PATIENCE))
        .hasToString(
            "HubSettings[endpoint=%s, cache=%s, offline=false]".formatted(hub.uri(), cache));
  }
}
