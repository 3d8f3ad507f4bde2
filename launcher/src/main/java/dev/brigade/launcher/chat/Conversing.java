package dev.brigade.launcher.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;

/** Somebody who answers. */
public interface Conversing extends AutoCloseable {

  /**
   * Answers a conversation.
   *
   * @param messages the turns so far, the last one the user's
   * @param text takes the answer as it comes
   * @throws Exception if there is no answer; the message says why
   */
  void answer(List<ObjectNode> messages, Consumer<String> text) throws Exception;

  @Override
  void close();
}
