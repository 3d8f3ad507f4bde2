package dev.brigade.launcher.doctor;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Asks whether a node of Brigade answers at an address.
 *
 * @param key of the API, if the config has one
 */
public record NodeKnock(Optional<String> key) implements Predicate<String> {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  @Override
  public boolean test(String api) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(api + "/cluster")).timeout(PATIENCE).GET();
    key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200
          && new ObjectMapper().readTree(response.body()).path("nodes").isArray();
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
