package dev.brigade.engine.onnx.graph;

import java.util.List;

/** A named setting of a node. */
public sealed interface Attribute {

  /** Its name. */
  String name();

  /** A whole number. */
  static Attribute of(String name, long value) {
    return new Whole(name, value);
  }

  /** A real number. */
  static Attribute of(String name, float value) {
    return new Real(name, value);
  }

  /** Text. */
  static Attribute of(String name, String value) {
    return new Text(name, value);
  }

  /** The body of a node such as {@code If}. */
  static Attribute of(String name, Graph body) {
    return new Body(name, body);
  }

  record Whole(String name, long value) implements Attribute {}

  record Real(String name, float value) implements Attribute {}

  record Text(String name, String value) implements Attribute {}

  record Body(String name, Graph graph) implements Attribute {}

  /** {@code AttributeProto}. */
  default byte[] encoded() {
    ProtoMessage message = new ProtoMessage().text(1, name());
    if (this instanceof Whole whole) {
      message.number(3, whole.value()).number(20, 2);
    } else if (this instanceof Real real) {
      message.real(2, real.value()).number(20, 1);
    } else if (this instanceof Text text) {
      message.text(4, text.value()).number(20, 3);
    } else {
      message.raw(6, ((Body) this).graph().encoded()).number(20, 5);
    }
    return message.encoded();
  }

  /** {@code NodeProto}. */
  static byte[] node(
      String domain,
      String operator,
      List<String> inputs,
      List<String> outputs,
      List<Attribute> attributes) {
    ProtoMessage message = new ProtoMessage();
    inputs.forEach(input -> message.text(1, input));
    outputs.forEach(output -> message.text(2, output));
    message.text(3, outputs.get(0)).text(4, operator);
    attributes.forEach(attribute -> message.raw(5, attribute.encoded()));
    return message.text(7, domain).encoded();
  }
}
