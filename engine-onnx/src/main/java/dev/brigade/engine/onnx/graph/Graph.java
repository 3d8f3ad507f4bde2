package dev.brigade.engine.onnx.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An ONNX graph under construction. Tensors are known by their names; a body of an {@code If} sees
 * those of the graph around it, and names are unique over all of them.
 */
public final class Graph {
  /** Operators of the standard. */
  public static final String STANDARD = "";

  /** Operators of ONNX Runtime's own. */
  public static final String CONTRIB = "com.microsoft";

  private static final int IR_VERSION = 10;
  private static final int OPERATOR_SET = 21;

  private final AtomicInteger numbers;
  private final Graph constantsOwner;
  private final List<byte[]> nodes = new ArrayList<>();
  private final List<byte[]> initializers = new ArrayList<>();
  private final List<byte[]> inputs = new ArrayList<>();
  private final List<byte[]> outputs = new ArrayList<>();
  private final Map<String, String> constants = new LinkedHashMap<>();

  private Graph(AtomicInteger numbers, Graph around) {
    this.numbers = numbers;
    this.constantsOwner = around == null ? this : around.constantsOwner;
  }

  /** An empty graph. */
  public Graph() {
    this(new AtomicInteger(), null);
  }

  /** An empty body for a node of this graph. */
  public Graph body() {
    return new Graph(numbers, this);
  }

  /** A name that nothing else has. */
  public String name(String stem) {
    return stem + numbers.getAndIncrement();
  }

  // ---- what enters and leaves -----------------------------------------------------------------

  /** Declares a tensor that is given at every run; {@code -1} is a size that may vary. */
  public String input(String name, ElementType type, long... shape) {
    inputs.add(value(name, type, shape));
    return name;
  }

  /** Declares a tensor that a run gives. */
  public void output(String name, ElementType type, long... shape) {
    outputs.add(value(name, type, shape));
  }

  private static byte[] value(String name, ElementType type, long... shape) {
    ProtoMessage sizes = new ProtoMessage();
    for (int i = 0; i < shape.length; i++) {
      ProtoMessage size = new ProtoMessage();
      sizes.message(1, shape[i] < 0 ? size.text(2, name + "." + i) : size.number(1, shape[i]));
    }
    ProtoMessage tensor = new ProtoMessage().number(1, type.code()).message(2, sizes);
    return new ProtoMessage()
        .text(1, name)
        .message(2, new ProtoMessage().message(1, tensor))
        .encoded();
  }

  // ---- tensors that are known -----------------------------------------------------------------

  /**
   * Declares a tensor that the session is given by its name before it starts; its elements are not
   * in the graph.
   *
   * @param file that stands for the elements; only its name counts
   */
  public String external(String name, ElementType type, List<Long> shape, String file) {
    ProtoMessage tensor = new ProtoMessage();
    shape.forEach(size -> tensor.number(1, size));
    tensor.number(2, type.code()).text(8, name);
    tensor.message(13, new ProtoMessage().text(1, "location").text(2, file));
    constantsOwner.initializers.add(tensor.number(14, 1).encoded());
    return name;
  }

  /** A tensor of small size, within the graph; equal ones are there once. */
  public String constant(ElementType type, byte[] littleEndian, long... shape) {
    String key = type + Arrays.toString(shape) + Arrays.toString(littleEndian);
    return constantsOwner.constants.computeIfAbsent(
        key,
        k -> {
          String name = name("const");
          ProtoMessage tensor = new ProtoMessage();
          for (long size : shape) {
            tensor.number(1, size);
          }
          tensor.number(2, type.code()).text(8, name).raw(9, littleEndian);
          constantsOwner.initializers.add(tensor.encoded());
          return name;
        });
  }

  /** A vector of whole numbers. */
  public String wholes(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return constant(ElementType.I64, bytes.array(), values.length);
  }

  /** One whole number, without dimensions. */
  public String whole(long value) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    return constant(ElementType.I64, bytes.array());
  }

  /** One real number, without dimensions. */
  public String real(double value) {
    ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    return constant(ElementType.F32, bytes.putFloat((float) value).array());
  }

  // ---- nodes ----------------------------------------------------------------------------------

  /** Adds an operator of the standard and gives its first output. */
  public String node(String operator, List<String> inputs, Attribute... attributes) {
    return node(STANDARD, operator, inputs, 1, attributes).get(0);
  }

  /** Adds an operator of ONNX Runtime's own and gives its first output. */
  public String contrib(String operator, List<String> inputs, Attribute... attributes) {
    return node(CONTRIB, operator, inputs, 1, attributes).get(0);
  }

  /** Adds an operator and gives its outputs. */
  public List<String> node(
      String domain, String operator, List<String> inputs, int count, Attribute... attributes) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(name(operator));
    }
    node(domain, operator, inputs, names, attributes);
    return names;
  }

  /** Adds an operator whose outputs have these names; an input that is not there is {@code ""}. */
  public void node(
      String domain,
      String operator,
      List<String> inputs,
      List<String> outputs,
      Attribute... attributes) {
    nodes.add(Attribute.node(domain, operator, inputs, outputs, List.of(attributes)));
  }

  // ---- bytes ----------------------------------------------------------------------------------

  /** {@code GraphProto}. */
  byte[] encoded() {
    ProtoMessage message = new ProtoMessage();
    nodes.forEach(node -> message.raw(1, node));
    message.text(2, "shard");
    initializers.forEach(tensor -> message.raw(5, tensor));
    inputs.forEach(input -> message.raw(11, input));
    outputs.forEach(output -> message.raw(12, output));
    return message.encoded();
  }

  /** The whole as {@code ModelProto}. */
  public byte[] model() {
    ProtoMessage standard = new ProtoMessage().text(1, STANDARD).number(2, OPERATOR_SET);
    ProtoMessage contrib = new ProtoMessage().text(1, CONTRIB).number(2, 1);
    return new ProtoMessage()
        .number(1, IR_VERSION)
        .text(2, "brigade")
        .raw(7, encoded())
        .message(8, standard)
        .message(8, contrib)
        .encoded();
  }
}
