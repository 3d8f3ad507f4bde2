package dev.brigade.discovery.tailscale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The API of Tailscale's control plane, version 2: it shows the tags of machines that this one's
 * own access rules hide. It does not know which of them is this one.
 */
final class ControlPlane implements TailnetSource {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(10);
  // The control plane hears of a connected machine at least every few minutes.
  private static final Duration RECENT = Duration.ofMinutes(5);

  private final URI devices;
  private final String key;
  private final Clock clock;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build();

  ControlPlane(URI devices, String key, Clock clock) {
    this.devices = devices;
    this.key = key;
    this.clock = clock;
  }

  @Override
  public Tailnet ask() throws TailscaleTrouble, InterruptedException {
    HttpReply reply = reply();
    if (reply.status() == 401 || reply.status() == 403) {
      throw TailscaleTrouble.disconnected(
          "the Tailscale API at "
              + devices.getHost()
              + " refuses the key (HTTP status "
              + reply.status()
              + "); set 'api-key' of the discovery to one that is valid and may read devices");
    }
    if (reply.status() != 200) {
      throw TailscaleTrouble.unanswered(
          devices + " answered with HTTP status " + reply.status() + ", not 200; check 'api-url'");
    }
    try {
      return parse(JSON.readTree(reply.body()));
    } catch (IOException e) {
      throw TailscaleTrouble.unanswered(
          devices + " answered with no JSON (" + e.getMessage() + "); check 'api-url'");
    }
  }

  private HttpReply reply() throws TailscaleTrouble, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(devices)
            .header("Authorization", "Bearer " + key)
            .header("Accept", "application/json")
            .build();
    CompletableFuture<HttpReply> reply =
        client
            .sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
            .thenApplyAsync(ControlPlane::bounded);
    try {
      return reply.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw unreachable(e.getCause().toString());
    } catch (TimeoutException e) {
      throw unreachable("no answer within " + LIMIT);
    } finally {
      reply.cancel(true);
    }
  }

  private static HttpReply bounded(HttpResponse<InputStream> response) {
    try (InputStream in = response.body()) {
      return new HttpReply(response.statusCode(), in.readNBytes(HttpReply.MAX_BODY));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private TailscaleTrouble unreachable(String why) {
    return TailscaleTrouble.unanswered(
        "the Tailscale API cannot be asked at "
            + devices
            + " ("
            + why
            + "); check 'api-url' and this machine's way to it");
  }

  private Tailnet parse(JsonNode answer) {
    List<Device> found = new ArrayList<>();
    for (JsonNode device : answer.path("devices")) {
      found.add(
          new Device(
              device.path("hostname").asText(""),
              Texts.addresses(Texts.in(device.path("addresses"))),
              isOnline(device),
              Set.copyOf(Texts.in(device.path("tags")))));
    }
    return new Tailnet(Set.of(), found);
  }

  private boolean isOnline(JsonNode device) {
    JsonNode connected = device.path("connectedToControl");
    if (connected.isBoolean()) {
      return connected.asBoolean();
    }
    try {
      Instant seen = Instant.parse(device.path("lastSeen").asText(""));
      return seen.isAfter(clock.instant().minus(RECENT));
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
