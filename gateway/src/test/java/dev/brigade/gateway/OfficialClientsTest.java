package dev.brigade.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brigade.cluster.RequestException.Kind;
import dev.brigade.cluster.generation.FinishReason;
import dev.brigade.gateway.http.HttpLimits;
import dev.brigade.gateway.openai.SamplingDefaults;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * OpenAI's own clients, where they are installed: {@code openai} of PyPI for {@code python3}, and
 * of npm where {@code node} finds it (NODE_PATH).
 */
class OfficialClientsTest {
  @TempDir Path folder;

  @Test
  void thePythonClientIsContent() throws Exception {
    assumeTrue(
        runs("python3", "-c", "import openai"), "python3 has no package openai; pip install it");
    assertContent("python3", "openai_python.py");
  }

  @Test
  void theNodeClientIsContent() throws Exception {
    assumeTrue(
        runs("node", "-e", "require('openai')"), "node has no package openai; npm install it");
    assertContent("node", "openai_node.cjs");
  }

  private void assertContent(String interpreter, String script) throws Exception {
    Path file = folder.resolve(script);
    try (InputStream in = getClass().getResourceAsStream("/clients/" + script)) {
      Files.copy(in, file);
    }
    ScriptedNode node = new ScriptedNode(OfficialClientsTest::play);
    try (RunningGateway running =
        RunningGateway.of(node, HttpLimits.DEFAULT, List.of("key"), SamplingDefaults.PLAIN)) {
      String url = "http://127.0.0.1:" + running.gateway.port();
      Path output = folder.resolve("output");
      Process process = start(output, interpreter, file.toString(), url, "key");
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

      assertThat(Files.readString(output, StandardCharsets.UTF_8)).contains("all as expected");
      assertThat(process.exitValue()).isZero();
    }
  }

  private static void play(ScriptedNode.Request request) {
    request.prefill();
    request.token("Good");
    request.token(" day");
    if (request.asked.stop().contains("fail")) {
      request.fail(Kind.UNAVAILABLE, "node-b is lost");
      return;
    }
    request.token(", wörld");
    request.token("");
    request.finish(" 🙂", FinishReason.STOP);
  }

  private boolean runs(String... command) throws Exception {
    try {
      return start(folder.resolve("probe"), command).waitFor() == 0;
    } catch (IOException notThere) {
      return false;
    }
  }

  private static Process start(Path output, String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }
}
