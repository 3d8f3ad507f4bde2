package dev.brigade.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
  @TempDir Path here;
  @TempDir Path user;
  Path file;

  enum Mode {
    FAST,
    VERY_SLOW
  }

  record Peer(String host, int port) {}

  record Plugin(
      Optional<Integer> maxSlices,
      Optional<Long> bufferBytes,
      Optional<Duration> patience,
      Optional<Mode> mode,
      Optional<Boolean> loud,
      Optional<Double> share,
      Optional<List<Peer>> peers,
      Optional<Map<String, String>> labels) {}

  record Needy(String folder) {}

  @BeforeEach
  void nameTheFile() {
    file = here.resolve("brigade.yaml");
  }

  @Test
  void noFileIsNeeded() throws Exception {
    BrigadeConfig config = load();

    assertThat(config.node())
        .isEqualTo(new NodeSection(Optional.empty(), "brigade", none(), Duration.ofSeconds(15)));
    assertThat(config.engine().type()).isEqualTo("auto");
    assertThat(config.transport().type()).isEqualTo("vertx");
    assertThat(config.discovery()).extracting(PluginSection::type).containsExactly("udp");
    assertThat(config.partition().type()).isEqualTo("cost");
    assertThat(config.model()).isEqualTo(new ModelSection("bundled/pocket", none(), "auto", 0));
    assertThat(config.api()).isEqualTo(new ApiSection("127.0.0.1", 52415, List.of()));
    assertThat(config.memory().limit()).isEmpty();
    assertThat(config.plugins()).isEmpty();
  }

  @Test
  void theFileInTheWorkingFolderComesBeforeTheUsersAndTheChosenOneBeforeBoth() throws Exception {
    write(user.resolve("brigade.yaml"), "node: { cluster: of-the-user }");
    assertThat(load().node().cluster()).isEqualTo("of-the-user");

    write(file, "node: { cluster: of-here }");
    assertThat(load().node().cluster()).isEqualTo("of-here");

    Path chosen = here.resolve("chosen.json");
    write(chosen, "{\"node\": {\"cluster\": \"chosen\"}}");
    assertThat(reader(Map.of()).load(Optional.of(chosen)).node().cluster()).isEqualTo("chosen");
  }

  @Test
  void whatIsNotWrittenKeepsItsDefault() throws Exception {
    write(file, "api: { port: 0 }\nmemory: { limit: 1.5GiB }\nplugins: [ ./mine, /opt/theirs ]\n");

    BrigadeConfig config = load();

    assertThat(config.api()).isEqualTo(new ApiSection("127.0.0.1", 0, List.of()));
    assertThat(config.memory().limit()).contains(1_610_612_736L);
    assertThat(config.plugins()).startsWith(here.toAbsolutePath().resolve("mine"));
  }

  @Test
  void anEmptyFileIsAllDefaults() throws Exception {
    write(file, "# nothing yet\n");
    assertThat(load().api().port()).isEqualTo(52415);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "nod: { name: a }            | unknown key 'nod'; the nearest known key is 'node'",
        "api: { prot: 1 }            | unknown key 'api.prot'; the nearest known key is 'api.port'",
        "api: { port: many }         | api.port is 'many', allowed is a whole number",
        "api: { port: 1.5 }          | api.port is '1.5', allowed is a whole number",
        "api: { port: 70000 }        | api: port is 70000, allowed is 0..65535",
        "api: { keys: secret }       | api.keys is 'secret', allowed is a list",
        "api: { keys: [ [ a ] ] }    | api.keys[0] is '[\"a\"]', allowed is a text",
        "api: 5                      | api is '5', allowed is keys and values",
        "memory: { limit: 12Gib/s }  | memory.limit is '12Gib/s', allowed is a whole number, or a"
            + " size such as 512MiB or 12GiB",
        "memory: { limit: 0 }        | memory: limit is 0 bytes, it must be positive",
        "discovery: [ { port: 1 } ]  | discovery[0].type is missing",
        "node: { cluster: ' ' }      | node: name and cluster must not be blank",
        "hub: { endpont: x }         | unknown key 'hub.endpont'; the nearest known key is"
            + " 'hub.endpoint'",
        "hub: { endpoint: hf.co }    | hub: endpoint is 'hf.co', allowed is an http or https address",
        "[ 1 ]                       | the file is '[1]', allowed is keys and values",
      })
  void aMistakeIsNamedWithFileAndKey(String yaml, String problem) throws Exception {
    write(file, yaml);
    assertThatThrownBy(this::load)
        .isInstanceOf(ConfigException.class)
        .hasMessage(file + ": " + problem);
  }

  @Test
  void brokenYamlIsToldWithItsPlace() throws Exception {
    write(file, "node: { name: a }\napi: { port: 1\n");
    assertThatThrownBy(this::load)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(": 2:15: ")
        .hasMessageContaining("not valid YAML");
  }

  @Test
  void aKeyWrittenTwiceIsRefused() throws Exception {
    write(file, "api: { port: 1 }\napi: { port: 2 }\n");
    assertThatThrownBy(this::load).hasMessageContaining("api");
  }

  @Test
  void aChosenFileMustExist() {
    Path missing = here.resolve("missing.yaml");
    assertThatThrownBy(() -> reader(Map.of()).load(Optional.of(missing)))
        .hasMessage(missing + ": there is no such file");
  }

  @Test
  void theEnvironmentIsPutIn() throws Exception {
    write(file, "node: { secret: 'a${S}b', name: '$${S}' }\napi: { port: '${PORT}' }\n");

    BrigadeConfig config = reader(Map.of("S", "$1", "PORT", "8080")).load(Optional.empty());

    assertThat(config.node().secret()).contains("a$1b");
    assertThat(config.node().name()).contains("${S}");
    assertThat(config.api().port()).isEqualTo(8080);
  }

  @Test
  void anUnsetVariableIsNamed() throws Exception {
    write(file, "node: { secret: '${NOPE}' }");
    assertThatThrownBy(this::load)
        .hasMessage(
            file
                + ": node.secret: the environment variable NOPE is not set; set it, or write"
                + " $${NOPE} for these characters themselves");
  }

  @Test
  void aPluginsKeysAreBoundToItsRecord() throws Exception {
    write(
        file,
        """
        engine:
          type: mine
          max-slices: 4
          buffer-bytes: 64KiB
          patience: 250ms
          mode: very-slow
          loud: true
          share: 0.5
          peers: [ { host: a, port: 1 } ]
          labels: { room: attic }
        """);

    assertThat(load().engine().bind(Plugin.class))
        .isEqualTo(
            new Plugin(
                Optional.of(4),
                Optional.of(65536L),
                Optional.of(Duration.ofMillis(250)),
                Optional.of(Mode.VERY_SLOW),
                Optional.of(true),
                Optional.of(0.5),
                Optional.of(List.of(new Peer("a", 1))),
                Optional.of(Map.of("room", "attic"))));
  }

  @Test
  void aPluginsUnknownKeyIsNamedToo() throws Exception {
    write(file, "engine: { type: mine, max_slices: 4 }");
    assertThatThrownBy(() -> load().engine().bind(Plugin.class))
        .hasMessage(
            file
                + ": unknown key 'engine.max_slices'; the nearest known key is"
                + " 'engine.max-slices'");
  }

  @Test
  void aPluginsWrongValuesAreNamedWithWhatIsAllowed() throws Exception {
    write(file, "engine: { type: mine, mode: slow }");
    assertThatThrownBy(() -> load().engine().bind(Plugin.class))
        .hasMessage(file + ": engine.mode is 'slow', allowed is one of fast, very-slow");
    assertThatThrownBy(() -> load().transport().bind(Needy.class))
        .hasMessage(file + ": transport.folder is missing");
  }

  @Test
  void anotherTypeDoesNotInheritTheDefaultsSettings() throws Exception {
    write(file, "transport: { type: carrier-pigeon }");
    assertThat(load().transport().settings().isEmpty()).isTrue();
  }

  @Test
  void secretsAreNotShown() throws Exception {
    write(file, "node: { secret: hush }\napi: { keys: [ hush ] }\nhub: { token: hush }");
    assertThat(load().node().toString() + load().api() + load().hub()).doesNotContain("hush");
    assertThat(load().hub().token()).contains("hush");
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }

  private BrigadeConfig load() throws ConfigException {
    return reader(Map.of()).load(Optional.empty());
  }

  private ConfigFile reader(Map<String, String> environment) {
    return new ConfigFile(here, user, environment);
  }

  private static void write(Path path, String text) throws IOException {
    Files.writeString(path, text);
  }
}
