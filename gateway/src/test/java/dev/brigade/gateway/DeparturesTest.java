package dev.brigade.gateway;

import static dev.brigade.gateway.RunningGateway.QUICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.cluster.generation.FinishReason;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that go away, stop reading, or never finish what they say. */
class DeparturesTest {
  private static final String PROMPT = "{'model':'org/echo','prompt':'x'";

  @ParameterizedTest
  @ValueSource(strings = {"}", ",'stream':true}"})
  void aClientThatGoesAwayCancelsItsGeneration(String rest) throws Exception {
    ScriptedNode node =
        new ScriptedNode(
            request -> {
              request.prefill();
              request.token("x");
              request.awaitCancelled();
            });
    try (RunningGateway running = RunningGateway.of(node)) {
      Socket socket = running.connect();
      write(socket, running.raw("POST", "/v1/completions", PROMPT + rest));
      ScriptedNode.Request request = node.next();
      assertThat(request.isCancelled()).isFalse();
      socket.close();

      request.awaitCancelled();
    }
  }

  @Test
  void aClientThatGoesAwayCancelsAllOfItsChoices() throws Exception {
    ScriptedNode node = new ScriptedNode(ScriptedNode.Request::prefill);
    try (RunningGateway running = RunningGateway.of(node)) {
      Socket socket = running.connect();
      write(socket, running.raw("POST", "/v1/completions", PROMPT + ",'n':3}"));
      var requests = new ScriptedNode.Request[] {node.next(), node.next(), node.next()};
      socket.close();

      for (ScriptedNode.Request request : requests) {
        request.awaitCancelled();
      }
    }
  }

  @Test
  void aReaderThatStopsReadingIsCutOff() throws Exception {
    String text = "x".repeat(64 << 10);
    ScriptedNode node =
        new ScriptedNode(
            request -> {
              request.prefill();
              while (!request.isCancelled()) {
                request.token(text);
                request.breathe();
              }
            });
    try (RunningGateway running = RunningGateway.of(node, QUICK);
        Socket socket = running.connect()) {
      write(socket, running.raw("POST", "/v1/completions", PROMPT + ",'stream':true}"));

      node.next().awaitCancelled();
    }
  }

  @Test
  void aReaderThatNeverTakesItsAnswerIsCutOff() throws Exception {
    ScriptedNode node =
        new ScriptedNode(
            request -> {
              request.prefill();
              request.token("x".repeat(32 << 20));
              request.finish("", FinishReason.STOP);
            });
    try (RunningGateway running = RunningGateway.of(node, QUICK)) {
      Socket socket = running.connect();
      write(socket, running.raw("POST", "/v1/completions", PROMPT + "}"));
      node.next().awaitIdle();

      // What the sockets hold still comes, then the end, short of the whole.
      assertThat(readUntilClosed(socket, QUICK.stall().toMillis() * 3)).isLessThan(32 << 20);
    }
  }

  @Test
  void aReaderThatBeginsLateGetsAllOfIt() throws Exception {
    ScriptedNode node =
        new ScriptedNode(
            request -> {
              request.prefill();
              for (int i = 0; i < 800; i++) {
                request.token("Z".repeat(1000));
              }
              request.finish("", FinishReason.STOP);
            });
    try (RunningGateway running = RunningGateway.of(node);
        Socket socket = running.connect(32 << 10)) {
      write(socket, running.raw("POST", "/v1/completions", PROMPT + ",'stream':true}"));
      node.next().awaitIdle();
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] part = new byte[64 << 10];
      while (!all.toString(StandardCharsets.US_ASCII).endsWith("0\r\n\r\n")) {
        all.write(part, 0, socket.getInputStream().read(part));
      }

      String text = all.toString(StandardCharsets.US_ASCII);
      assertThat(text).contains("data: [DONE]");
      assertThat(text.chars().filter(c -> c == 'Z').count()).isEqualTo(800_000);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "POST /v1/comp",
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\n",
        "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /heal"
      })
  void aConnectionWithoutAWholeRequestIsClosed(String begun) throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("x"), QUICK);
        Socket socket = running.connect()) {
      write(socket, begun);

      assertThat(readUntilClosed(socket, 0)).isLessThan(1000);
    }
  }

  @Test
  void aBodyThatNeverEndsIsTimedOut() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("x"), QUICK);
        Socket socket = running.connect()) {
      String head =
          "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{";

      String answer = AccessTest.answer(socket, head);
      assertThat(answer).startsWith("HTTP/1.1 408 ").contains("request_timeout");
      assertThat(readUntilClosed(socket, 0)).isZero();
    }
  }

  @Test
  void aBodyThatIsTooLongIsRefusedAtOnceOrOnTheWay() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("x"), QUICK)) {
      String head = "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\n";
      try (Socket declared = running.connect()) {
        assertThat(AccessTest.answer(declared, head + "Content-Length: 999999999999\r\n\r\n"))
            .startsWith("HTTP/1.1 413 ")
            .contains("body_too_large");
      }
      try (Socket chunked = running.connect()) {
        write(chunked, head + "Transfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 20; i++) {
          write(chunked, "1000\r\n" + "x".repeat(0x1000) + "\r\n");
        }
        assertThat(AccessTest.answer(chunked, "0\r\n\r\n"))
            .startsWith("HTTP/1.1 413 ")
            .contains("body_too_large");
      }
    }
  }

  @Test
  void aClientThatAsksBeforeItSendsIsToldToGoOn() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("x"));
        Socket socket = running.connect()) {
      String whole = running.raw("POST", "/v1/completions", PROMPT + "}");
      int body = whole.indexOf("\r\n\r\n");
      String head = whole.substring(0, body) + "\r\nExpect: 100-continue\r\n\r\n";

      assertThat(AccessTest.answer(socket, head)).startsWith("HTTP/1.1 100 ");
      assertThat(AccessTest.answer(socket, whole.substring(body + 4))).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void whatIsNoHttpIsToldSoAndCutOff() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("x"), QUICK)) {
      String long9000 = "x".repeat(9000);
      assertCutOff(running, "\u0016\u0003\u0001 hello\r\n\r\n", "400");
      assertCutOff(running, "GET /" + long9000 + " HTTP/1.1\r\nHost: localhost\r\n\r\n", "414");
      assertCutOff(
          running, "GET / HTTP/1.1\r\nHost: localhost\r\nA: " + long9000 + "\r\n\r\n", "431");
      assertCutOff(
          running,
          "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
          "400");
    }
  }

  private static void assertCutOff(RunningGateway running, String request, String status)
      throws Exception {
    try (Socket socket = running.connect()) {
      assertThat(AccessTest.answer(socket, request))
          .matches("(?s)HTTP/1.[01] " + status + " .*")
          .contains("{\"error\":{");
      assertThat(readUntilClosed(socket, 0)).isZero();
    }
  }

  @Test
  void moreRequestsThanAllowedAreToldToComeBack() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    ScriptedNode node =
        new ScriptedNode(
            request -> {
              goOn.await();
              request.prefill();
              request.finish("", FinishReason.STOP);
            });
    try (RunningGateway running = RunningGateway.of(node, QUICK);
        Socket first = running.connect();
        Socket second = running.connect()) {
      write(first, running.raw("POST", "/v1/completions", PROMPT + "}"));
      write(second, running.raw("POST", "/v1/completions", PROMPT + "}"));
      node.next();
      node.next();

      var third = running.post("/v1/completions", PROMPT + "}");
      assertThat(RunningGateway.error(third))
          .isEqualTo("429 rate_limit_error null too_many_requests");
      assertThat(third.headers().firstValue("retry-after")).contains("1");
      goOn.countDown();
      assertThat(AccessTest.answer(first, "")).startsWith("HTTP/1.1 200 ");
      assertThat(running.post("/v1/completions", PROMPT + "}").statusCode()).isEqualTo(200);
    }
  }

  private static void write(Socket socket, String text) throws Exception {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** How much comes before the other side closes, if one begins to read only after a while. */
  private static long readUntilClosed(Socket socket, long afterMillis) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    never.await(afterMillis, java.util.concurrent.TimeUnit.MILLISECONDS);
    long total = 0;
    byte[] part = new byte[64 << 10];
    try {
      for (int n = 0; n >= 0; n = socket.getInputStream().read(part)) {
        total += n;
      }
    } catch (SocketException reset) {
      // Closed all the same.
    }
    return total;
  }
}
