package dev.brigade.discovery.tailscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpReplyTest {

  @Test
  void bodiesComeInChunksOrWithALengthOrUntilTheEnd() throws IOException {
    List<String> heads =
        List.of(
            "Transfer-Encoding: chunked\r\n\r\n4;x=y\r\nbrig\r\n3\r\nade\r\n0\r\nA: b\r\n\r\n",
            "content-LENGTH: 7\r\n\r\nbrigade and more",
            "\r\nbrigade");
    for (String head : heads) {
      HttpReply reply = read("HTTP/1.1 200 OK\r\n" + head);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.excerpt()).isEqualTo("brigade");
    }
  }

  @Test
  void whatIsCutShortOrTooLongOrNoHttpFails() {
    List<String> bad =
        List.of(
            "",
            "SSH-2.0-x\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbrigade",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbrigade\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\nb",
            "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(200) + "\r\n",
            "HTTP/1.1 200 OK\r\nA: " + "b".repeat(10_000) + "\r\n\r\n");
    for (String answer : bad) {
      assertThatThrownBy(() -> read(answer)).as(answer).isInstanceOf(IOException.class);
    }
  }

  private static HttpReply read(String answer) throws IOException {
    return HttpReply.read(new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)));
  }
}
