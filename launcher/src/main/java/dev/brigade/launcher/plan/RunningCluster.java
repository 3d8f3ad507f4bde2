package dev.brigade.launcher.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.Link;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The cluster of a node that listens on this machine, as its {@code GET /cluster} tells. */
public final class RunningCluster {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private RunningCluster() {}

  /**
   * Asks a node.
   *
   * @param api address of its HTTP interface, without a path
   * @param key what it wants to see as bearer token
   * @return its cluster; empty if nobody listens there
   * @throws IOException if it answers, but not with its cluster
   */
  public static Optional<PlanNodes> find(String api, Optional<String> key)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(api + "/cluster")).timeout(PATIENCE);
    key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    HttpResponse<String> response;
    try {
      response =
          HttpClient.newBuilder()
              .connectTimeout(PATIENCE)
              .build()
              .send(request.GET().build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      return Optional.empty();
    }
    if (response.statusCode() != 200) {
      throw new IOException(
          api
              + "/cluster answers with status "
              + response.statusCode()
              + "; is it a node's, and"
              + " are its keys in api.keys of the config?");
    }
    return Optional.of(read(api, JSON.readTree(response.body())));
  }

  static PlanNodes read(String api, JsonNode cluster) throws IOException {
    List<NodeInfo> nodes = new ArrayList<>();
    List<Link> links = new ArrayList<>();
    try {
      for (JsonNode node : cluster.path("nodes")) {
        NodeId id = new NodeId(node.path("id").asText());
        nodes.add(info(id, node));
        for (JsonNode link : node.path("planning").path("links")) {
          Duration roundTrip =
              Duration.ofNanos((long) (link.path("round_trip_ms").asDouble() * 1e6));
          NodeId to = new NodeId(link.path("to").asText());
          links.add(new Link(id, to, roundTrip, link.path("bytes_per_s").asDouble()));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(api + "/cluster is of another version: " + e.getMessage(), e);
    }
    return new PlanNodes("the cluster at " + api, nodes, links);
  }

  private static NodeInfo info(NodeId id, JsonNode node) {
    JsonNode planning = node.path("planning");
    List<EngineProfile.Cost> costs = new ArrayList<>();
    planning.path("precisions").forEach(cost -> costs.add(cost(cost)));
    Set<DType> hidden =
        StreamSupport.stream(planning.path("hidden_types").spliterator(), false)
            .map(type -> DType.valueOf(type.asText()))
            .collect(Collectors.toSet());
    EngineProfile profile =
        new EngineProfile(
            node.path("engine").asText(),
            planning.path("device").asText(),
            costs,
            hidden,
            planning.path("max_slices").asInt(),
            planning.path("runtime_bytes").asLong(),
            planning.path("keeps_groups").asBoolean());
    return new NodeInfo(
        id,
        node.path("name").asText(),
        new Machine(
            planning.path("machine").asText(), planning.path("machine_memory_bytes").asLong()),
        Endpoint.parse(node.path("address").asText()),
        Optional.empty(),
        profile,
        node.path("memory_bytes").asLong(),
        List.of(),
        NodeState.valueOf(node.path("state").asText().toUpperCase(Locale.ROOT)));
  }

  private static EngineProfile.Cost cost(JsonNode cost) {
    Map<String, Double> measured = new HashMap<>();
    cost.path("measured")
        .properties()
        .forEach(rate -> measured.put(rate.getKey(), rate.getValue().asDouble()));
    return new EngineProfile.Cost(
        new Precision(cost.path("name").asText()),
        cost.path("bytes_per_weight").asDouble(),
        cost.path("bytes_per_kv_element").asDouble(),
        DType.valueOf(cost.path("residual").asText()),
        measured);
  }
}
