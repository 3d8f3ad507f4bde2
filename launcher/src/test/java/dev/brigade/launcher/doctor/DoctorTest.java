package dev.brigade.launcher.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.config.ConfigFile;
import dev.brigade.launcher.doctor.Finding.Area;
import dev.brigade.launcher.doctor.Finding.Status;
import dev.brigade.launcher.engine.EngineTrial;
import dev.brigade.launcher.host.SecretFile;
import dev.brigade.launcher.plugins.PluginCatalog;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  private static final EngineTrial ONNX =
      new EngineTrial.Ran("onnx", "ONNX Runtime 1.2", "cpu, 2 threads", "f32", 100, 10);

  @TempDir Path temp;
  private final PluginCatalog plugins = PluginCatalog.scan(List.of(), problem -> {});

  @Test
  void aMachineTellsWhatItHas() {
    List<Finding> findings =
        MachineExamination.findings(Optional.of(1L << 30), List.of("NVIDIA H100"));
    assertThat(findings)
        .extracting(Finding::subject)
        .containsExactly("system", "processor", "memory", "gpu", "java");
    assertThat(findings).extracting(Finding::status).containsOnly(Status.OK);
    assertThat(of(findings, "memory").text()).endsWith("of which a node may use 1.0 GiB");
    assertThat(of(findings, "gpu").text()).isEqualTo("NVIDIA H100");
  }

  @Test
  void tooLittleMemoryIsAProblem() {
    Finding memory = of(MachineExamination.findings(Optional.of(1L << 20), List.of()), "memory");
    assertThat(memory.status()).isEqualTo(Status.PROBLEM);
    assertThat(memory.remedy()).isPresent();
  }

  @Test
  void anEngineTellsItsLibraryAndItsFigures() {
    List<Finding> findings =
        new EngineExamination(plugins, List.of(ONNX), List.of()).findings("auto");
    assertThat(of(findings, "onnx"))
        .isEqualTo(
            Finding.ok(
                Area.ENGINES,
                "onnx",
                "ONNX Runtime 1.2; cpu, 2 threads; a small model in f32: prefill 100 tokens/s,"
                    + " decode 10.0"));
    assertThat(new Examination(findings).healthy()).isTrue();
  }

  @Test
  void anEngineThatCrashedIsToldWithItsReason() {
    EngineTrial crashed = new EngineTrial.Failed("djl", "its process ended with status 139");
    Finding djl =
        of(
            new EngineExamination(plugins, List.of(ONNX, crashed), List.of()).findings("auto"),
            "djl");
    assertThat(djl.status()).isEqualTo(Status.NOTE);
    assertThat(djl.text()).contains("its process ended with status 139");
  }

  @Test
  void theEngineOfTheConfigMustRun() {
    List<Finding> findings =
        new EngineExamination(plugins, List.of(ONNX), List.of()).findings("mlx");
    Finding type = of(findings, "engine.type");
    assertThat(type.status()).isEqualTo(Status.PROBLEM);
    assertThat(type.text()).isEqualTo("is 'mlx', and only [onnx] can run here");
    assertThat(new Examination(findings).healthy()).isFalse();
  }

  @Test
  void aGpuThatPyTorchDoesNotUseIsToldWithTheWayToIt() {
    EngineTrial djl =
        new EngineTrial.Ran("djl", "PyTorch 2.7.1", "cpu, 2 threads", "bf16", 100, 10);
    Finding finding =
        of(
            new EngineExamination(plugins, List.of(djl), List.of("NVIDIA H100")).findings("auto"),
            "djl");
    assertThat(finding.remedy().orElseThrow())
        .contains("PYTORCH_LIBRARY_PATH", "CUDA build of libtorch 2.7.1");
  }

  @Test
  void aPortInUseIsAProblemUnlessANodeUsesIt() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      BrigadeConfig config = config("api: { port: " + socket.getLocalPort() + " }");
      Finding taken = of(new NetworkExamination(config, plugins, api -> false).findings(), "api");
      assertThat(taken.status()).isEqualTo(Status.PROBLEM);
      assertThat(taken.text()).contains("127.0.0.1:" + socket.getLocalPort());
      Finding own = of(new NetworkExamination(config, plugins, api -> true).findings(), "api");
      assertThat(own.status()).isEqualTo(Status.NOTE);
    }
  }

  @Test
  void whatTheTransportListensOnMustBeFree() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      BrigadeConfig config =
          config("transport: { type: vertx, port: " + socket.getLocalPort() + " }");
      Finding taken =
          of(new NetworkExamination(config, plugins, api -> false).findings(), "transport");
      assertThat(taken.status()).isEqualTo(Status.PROBLEM);
    }
  }

  @Test
  void aSecretIsLookedForWhereANodeDoes() throws Exception {
    SecretFile file = new SecretFile(temp);
    BrigadeConfig config = config("{}");
    assertThat(SecretExamination.finding(config, Map.of(), file).status()).isEqualTo(Status.NOTE);
    Finding weak = SecretExamination.finding(config, Map.of("BRIGADE_SECRET", "x"), file);
    assertThat(weak.status()).isEqualTo(Status.PROBLEM);
    String secret = file.create();
    Finding written = SecretExamination.finding(config, Map.of(), file);
    assertThat(written.status()).isEqualTo(Status.OK);
    assertThat(written.text()).contains(file.path().toString()).doesNotContain(secret);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aSecretThatOthersMayReadIsAProblem() throws Exception {
    SecretFile file = new SecretFile(temp);
    file.create();
    Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-r--r--"));
    Finding open = SecretExamination.finding(config("{}"), Map.of(), file);
    assertThat(open.status()).isEqualTo(Status.PROBLEM);
    assertThat(open.text()).contains("chmod 600");
  }

  @Test
  void theReportIsOneObject() {
    Examination examination =
        new Examination(
            List.of(
                Finding.ok(Area.MACHINE, "java", "17"),
                Finding.problem(Area.NETWORK, "api", "taken", "set api.port")));
    JsonNode json = examination.json();
    assertThat(json.get("can_run").booleanValue()).isFalse();
    assertThat(json.at("/findings/1/status").textValue()).isEqualTo("problem");
    assertThat(json.at("/findings/1/remedy").textValue()).isEqualTo("set api.port");
    assertThat(json.at("/findings/0/remedy").isNull()).isTrue();
    assertThat(examination.lines())
        .containsExactly(
            "machine",
            "  ok java           17",
            "network",
            "  !! api            taken",
            "                    -> set api.port",
            "a node cannot run here: 1 problem");
  }

  private BrigadeConfig config(String yaml) throws Exception {
    Path file = Files.writeString(temp.resolve("brigade.yaml"), yaml);
    return new ConfigFile(temp, temp, Map.of()).load(Optional.of(file));
  }

  private static Finding of(List<Finding> findings, String subject) {
    return findings.stream()
        .filter(finding -> finding.subject().equals(subject))
        .findFirst()
        .orElseThrow();
  }
}
