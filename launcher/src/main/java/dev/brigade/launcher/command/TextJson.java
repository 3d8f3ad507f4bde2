package dev.brigade.launcher.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A text and its ids as one object. */
final class TextJson {
  private TextJson() {}

  static String of(String text, List<Integer> ids) {
    ObjectNode object = new ObjectMapper().createObjectNode().put("text", text);
    ArrayNode list = object.putArray("ids");
    ids.forEach(list::add);
    return object.toString();
  }
}
