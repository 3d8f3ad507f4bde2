package dev.brigade.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.TransportException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
  private static final Plan PLAN =
      Plan.of(
          new ModelRef("org/model", "0123456789abcdef"),
          List.of(
              new Stage(new NodeId("a"), "djl", 0, 3, Precision.BF16, DType.BF16),
              new Stage(new NodeId("b"), "onnx", 3, 8, Precision.F32, DType.F32)));

  static Stream<Head> heads() {
    SamplingParameters sampling = new SamplingParameters(0.7, 40, 0.9, 0.1, 1.1, 0.5, -0.5, -3);
    return Stream.of(
        new Head.Place(PLAN),
        new Head.Placed(12, 1L << 40, List.of(new NodeId("n2"))),
        new Head.Held(List.of("r1"), List.of("p1", "p2")),
        new Head.Unwanted(List.of(), List.of("p2")),
        new Head.Release(PLAN.id()),
        new Head.Open("r1", 2, PLAN.id(), 100, 7, sampling, List.of(1, 2), 90, true),
        new Head.Opened(5),
        new Head.Close("r1", 3),
        new Head.Closed(4, 5),
        new Head.Step("r1", 1, 0, 8, 2, 1, DType.I32),
        new Head.Sampled("r1", 1, 9, 31_999, false),
        new Head.Interrupted("r1", 1, 4, "missing(4)", List.of()),
        new Head.Denied(RequestException.Kind.OUT_OF_MEMORY, "needs 5 bytes, 4 are available"),
        new Head.Probe(65_536),
        new Head.Ack());
  }

  @ParameterizedTest
  @MethodSource("heads")
  void headsSurviveTheWire(Head head) throws Exception {
    assertThat(Codec.decode(Codec.encode(head))).isEqualTo(head);
  }

  @Test
  void everyKindOfHeadIsTested() {
    assertThat(heads().map(Object::getClass)).containsOnlyOnce(Head.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "null", "[]", "{\"request\":1,\"attempt\":\"x\"}", "{\"rows\":-1}"})
  void malformedHeadsAreRefusedByName(String json) {
    Message message = message("step", json);
    assertThatThrownBy(() -> Codec.decode(message))
        .isInstanceOf(TransportException.Refused.class)
        .hasMessageContaining("step");
  }

  @Test
  void aForgedPlanIsRefused() {
    Message place = Codec.encode(new Head.Place(PLAN));
    String json = StandardCharsets.UTF_8.decode(place.head().duplicate()).toString();
    Message forged = message("place", json.replace("\"last\":3", "\"last\":2"));
    assertThatThrownBy(() -> Codec.decode(forged)).isInstanceOf(TransportException.Refused.class);
  }

  @Test
  void unknownKindsAreRefused() {
    assertThatThrownBy(() -> Codec.decode(message("gossip", "{}")))
        .isInstanceOf(TransportException.Refused.class)
        .hasMessageContaining("gossip");
  }

  private static Message message(String kind, String json) {
    ByteBuffer head = ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8));
    return new Message(Lane.CONTROL, kind, head, List.of());
  }
}
