package dev.brigade.transport.vertx;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.EngineProfile.Cost;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.MeasuredLink;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A card as bytes: a version byte, then the fields in order, as {@link DataOutputStream} has them.
 */
final class CardCodec {
  private static final int VERSION = 2;
  private static final int MAX_ENTRIES = 100_000;

  private CardCodec() {}

  static byte[] encode(Card card) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeLong(card.version());
      out.writeUTF(card.busHost());
      out.writeInt(card.busPort());
      out.writeUTF(card.inbox());
      writeList(
          out,
          card.registrations(),
          registration -> {
            out.writeUTF(registration.address());
            out.writeLong(registration.sequence());
          });
      writeInfo(out, card.info());
    } catch (IOException e) {
      throw new UncheckedIOException("node info does not fit its encoding: " + e.getMessage(), e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a card.
   *
   * @throws IOException if it is not one, or of another version
   */
  static Card decode(byte[] bytes, int offset, int length) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, offset, length));
    try {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IOException("card has version " + version + ", this node speaks " + VERSION);
      }
      return new Card(
          in.readLong(),
          in.readUTF(),
          in.readInt(),
          in.readUTF(),
          readList(in, () -> new Registration(in.readUTF(), in.readLong())),
          readInfo(in));
    } catch (IllegalArgumentException e) {
      throw new IOException("card has a bad value: " + e.getMessage(), e);
    }
  }

  private static void writeInfo(DataOutputStream out, NodeInfo info) throws IOException {
    out.writeUTF(info.id().value());
    out.writeUTF(info.name());
    out.writeUTF(info.machine().id());
    out.writeLong(info.machine().memoryBytes());
    out.writeUTF(info.address().host());
    out.writeInt(info.address().port());
    writeList(out, info.api().stream().toList(), out::writeUTF);
    writeProfile(out, info.profile());
    out.writeLong(info.memoryBytes());
    writeList(out, info.models(), out::writeUTF);
    out.writeUTF(info.state().name());
    writeList(
        out,
        info.links(),
        link -> {
          out.writeUTF(link.to().value());
          out.writeLong(link.roundTrip().toNanos());
          out.writeDouble(link.bytesPerSecond());
        });
  }

  private static NodeInfo readInfo(DataInputStream in) throws IOException {
    return new NodeInfo(
        new NodeId(in.readUTF()),
        in.readUTF(),
        new Machine(in.readUTF(), in.readLong()),
        new Endpoint(in.readUTF(), in.readInt()),
        readList(in, in::readUTF).stream().findFirst(),
        readProfile(in),
        in.readLong(),
        readList(in, in::readUTF),
        NodeState.valueOf(in.readUTF()),
        readList(
            in,
            () ->
                new MeasuredLink(
                    new NodeId(in.readUTF()), Duration.ofNanos(in.readLong()), in.readDouble())));
  }

  private static void writeProfile(DataOutputStream out, EngineProfile profile) throws IOException {
    out.writeUTF(profile.engine());
    out.writeUTF(profile.device());
    writeList(out, profile.costs(), cost -> writeCost(out, cost));
    writeList(out, List.copyOf(profile.hiddenTypes()), type -> out.writeUTF(type.name()));
    out.writeInt(profile.maxSlices());
    out.writeLong(profile.runtimeBytes());
    out.writeBoolean(profile.keepsGroups());
  }

  private static EngineProfile readProfile(DataInputStream in) throws IOException {
    return new EngineProfile(
        in.readUTF(),
        in.readUTF(),
        readList(in, () -> readCost(in)),
        Set.copyOf(readList(in, () -> DType.valueOf(in.readUTF()))),
        in.readInt(),
        in.readLong(),
        in.readBoolean());
  }

  private static void writeCost(DataOutputStream out, Cost cost) throws IOException {
    out.writeUTF(cost.precision().name());
    out.writeDouble(cost.bytesPerWeight());
    out.writeDouble(cost.bytesPerKvElement());
    out.writeUTF(cost.residual().name());
    writeList(
        out,
        List.copyOf(cost.measured().entrySet()),
        rate -> {
          out.writeUTF(rate.getKey());
          out.writeDouble(rate.getValue());
        });
  }

  private static Cost readCost(DataInputStream in) throws IOException {
    Precision precision = new Precision(in.readUTF());
    double weight = in.readDouble();
    double kv = in.readDouble();
    DType residual = DType.valueOf(in.readUTF());
    Map<String, Double> measured = new LinkedHashMap<>();
    for (Map.Entry<String, Double> rate :
        readList(in, () -> Map.entry(in.readUTF(), in.readDouble()))) {
      measured.put(rate.getKey(), rate.getValue());
    }
    return new Cost(precision, weight, kv, residual, measured);
  }

  private interface Writer<T> {
    void write(T value) throws IOException;
  }

  private interface Reader<T> {
    T read() throws IOException;
  }

  private static <T> void writeList(DataOutputStream out, List<T> values, Writer<T> writer)
      throws IOException {
    out.writeInt(values.size());
    for (T value : values) {
      writer.write(value);
    }
  }

  private static <T> List<T> readList(DataInputStream in, Reader<T> reader) throws IOException {
    int size = in.readInt();
    if (size < 0 || size > MAX_ENTRIES) {
      throw new IOException("card has a list of " + size + " entries");
    }
    List<T> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(reader.read());
    }
    return values;
  }
}
