package dev.brigade.cluster.wire;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.TransportException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Heads as JSON, so that a capture of the wire can be read; bodies stay bytes. */
public final class Codec {
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private static final Map<String, Class<? extends Head>> KINDS =
      Stream.of(Head.class.getPermittedSubclasses())
          .<Class<? extends Head>>map(type -> type.asSubclass(Head.class))
          .collect(Collectors.toUnmodifiableMap(Codec::kind, Function.identity()));

  private Codec() {}

  /** A message without a body. */
  public static Message encode(Head head) {
    return encode(head, List.of());
  }

  /** A message with a body. */
  public static Message encode(Head head, List<ByteBuffer> body) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(head));
      return new Message(lane(head), kind(head.getClass()), bytes, body);
    } catch (IOException e) {
      throw new UncheckedIOException("every head can be written", e);
    }
  }

  /**
   * Reads the head of a message.
   *
   * @throws TransportException.Refused if it is of an unknown kind or malformed
   */
  public static Head decode(Message message) throws TransportException.Refused {
    Class<? extends Head> type = KINDS.get(message.kind());
    if (type == null) {
      throw new TransportException.Refused(
          "unknown kind of message '" + message.kind() + "'; do all nodes run the same version?");
    }
    ByteBuffer head = message.head().duplicate();
    byte[] bytes = new byte[head.remaining()];
    head.get(bytes);
    try {
      Head value = JSON.readValue(bytes, type);
      if (value == null) {
        throw new TransportException.Refused("message '" + message.kind() + "' has no head");
      }
      return value;
    } catch (IOException e) {
      throw new TransportException.Refused(
          "malformed message '" + message.kind() + "': " + e.getMessage());
    }
  }

  private static String kind(Class<?> type) {
    return type.getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static Lane lane(Head head) {
    if (head instanceof Head.Step step) {
      return step.rows() == 1 ? Lane.DECODE : Lane.BULK;
    }
    if (head instanceof Head.Probe probe) {
      return probe.bytes() == 0 ? Lane.DECODE : Lane.BULK;
    }
    return head instanceof Head.Sampled ? Lane.DECODE : Lane.CONTROL;
  }
}
