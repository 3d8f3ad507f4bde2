package dev.brigade.discovery.tailscale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A headscale on loopback, with a relay: the control plane of a tailnet that nobody else is in. */
final class ControlServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path program;
  private final Path folder;
  private final int port = Program.freePort();
  private final Program server;
  private int commands;

  ControlServer(Path programs, Path folder) throws IOException {
    this.program = programs.resolve("headscale");
    this.folder = Files.createDirectory(folder.resolve("headscale"));
    configure();
    server = Program.start(folder.resolve("headscale.log"), Map.of(), command("serve"));
    server.await("an answer from " + url(), this::isHealthy);
    ask("users", "create", "people");
  }

  private void configure() throws IOException {
    Files.writeString(
        folder.resolve("policy.json"),
        """
        {"tagOwners": {"tag:brigade": ["people@"], "tag:printer": ["people@"]},
         "acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}]}
        """);
    Files.writeString(
        folder.resolve("config.yaml"),
        """
        server_url: %1$s
        listen_addr: 127.0.0.1:%2$d
        metrics_listen_addr: ""
        grpc_listen_addr: 127.0.0.1:%3$d
        unix_socket: %4$s/hs.sock
        noise: { private_key_path: %4$s/noise.key }
        database: { type: sqlite, sqlite: { path: %4$s/db.sqlite } }
        prefixes: { v4: 100.64.0.0/10, v6: "fd7a:115c:a1e0::/48" }
        derp:
          urls: []
          auto_update_enabled: false
          server: { enabled: true, region_id: 900, region_code: here, region_name: here,
                    private_key_path: %4$s/derp.key, ipv4: 127.0.0.1,
                    stun_listen_addr: "127.0.0.1:%5$d" }
        policy: { mode: file, path: %4$s/policy.json }
        dns: { magic_dns: true, base_domain: tailnet.test, override_local_dns: false }
        disable_check_updates: true
        """
            .formatted(url(), port, Program.freePort(), folder, Program.freePort()));
  }

  private boolean isHealthy() {
    try {
      var health = (HttpURLConnection) URI.create(url() + "/health").toURL().openConnection();
      return health.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** A key by which one machine may join, as a person's or, with {@code tags}, as nobody's. */
  String key(String... tags) {
    List<String> words = new ArrayList<>(List.of("preauthkeys", "create", "--user", "1"));
    if (tags.length > 0) {
      words.addAll(List.of("--tags", String.join(",", tags)));
    }
    return ask(words.toArray(String[]::new)).get("key").textValue();
  }

  /** Removes the machine, whose address then goes to nobody soon. */
  void forget(String name) {
    for (JsonNode node : ask("nodes", "list")) {
      if (node.get("name").textValue().equals(name)) {
        ask("nodes", "delete", "--force", "--identifier", node.get("id").asText());
      }
    }
  }

  private JsonNode ask(String... words) {
    List<String> command = command(words);
    command.addAll(List.of("--output", "json"));
    try {
      return JSON.readTree(Program.run(folder.resolve(commands++ + ".log"), command));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> command(String... words) {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(program.toString(), "--config", folder.resolve("config.yaml").toString()));
    command.addAll(List.of(words));
    return command;
  }

  @Override
  public void close() {
    server.close();
  }
}
