package dev.brigade.launcher.chat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.launcher.console.Console;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What has been said so far, and what is said next. */
public final class Dialogue {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Console console;
  private final Conversing other;
  private final List<ObjectNode> messages = new ArrayList<>();

  public Dialogue(Console console, Conversing other) {
    this.console = console;
    this.other = other;
  }

  /** Says something, and prints what comes back as it comes. */
  public void say(String text) throws Exception {
    messages.add(message("user", text));
    StringBuilder answer = new StringBuilder();
    try {
      other.answer(
          messages,
          part -> {
            answer.append(part);
            console.out().print(part);
            console.out().flush();
          });
    } finally {
      console.out().println();
    }
    messages.add(message("assistant", answer.toString()));
  }

  /** Says each line of the input in turn, until it ends or a line is {@code /exit}. */
  public void converse(BufferedReader input) throws Exception {
    prompt();
    for (String line = next(input); line != null; line = next(input)) {
      if (line.strip().equals("/exit")) {
        return;
      }
      if (!line.isBlank()) {
        say(line);
      }
      prompt();
    }
  }

  private static String next(BufferedReader input) throws IOException {
    return input.readLine();
  }

  private void prompt() {
    if (console.terminal()) {
      console.err().print("> ");
      console.err().flush();
    }
  }

  private static ObjectNode message(String role, String content) {
    return JSON.createObjectNode().put("role", role).put("content", content);
  }
}
