package dev.brigade.model.text;

import dev.brigade.model.template.ChatTemplate;
import dev.brigade.model.template.Conversation;
import dev.brigade.model.template.TemplateException;
import dev.brigade.model.text.TextException.Kind;
import dev.brigade.spi.engine.EngineException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How a model writes conversations: its chat templates, parsed once. Safe for several threads. */
public final class ChatFormat {
  private final Path model;
  private final TokenizerConfig config;
  private final Map<String, ChatTemplate> parsed = new ConcurrentHashMap<>();

  private ChatFormat(Path model, TokenizerConfig config) {
    this.model = model;
    this.config = config;
  }

  /**
   * Reads what a model's folder or GGUF file says of it, which may be nothing.
   *
   * @throws TextException BAD_FILE if a file makes no sense
   */
  public static ChatFormat open(Path model) throws TextException {
    try {
      return new ChatFormat(model, TokenizerConfig.read(model));
    } catch (IOException e) {
      throw new TextException(
          Kind.BAD_FILE,
          "the tokenizer's config in " + model + " cannot be read: " + e.getMessage(),
          e);
    } catch (EngineException e) {
      throw new TextException(Kind.BAD_FILE, e.getMessage(), e);
    }
  }

  /**
   * A conversation as the model's chat template writes it.
   *
   * @param clock the time that the template sees
   * @throws TextException MISSING if there is no template, BAD_FILE if it is none, BAD_CONVERSATION
   *     if it refuses the conversation, with the template's own words
   */
  public String render(Conversation conversation, Clock clock) throws TextException {
    boolean tools = conversation.tools().filter(offered -> !offered.isEmpty()).isPresent();
    String source =
        config
            .template(tools)
            .orElseThrow(
                () ->
                    new TextException(
                        Kind.MISSING, model + " has no chat template; use a plain prompt"));
    try {
      return parsed
          .computeIfAbsent(source, ChatTemplate::parse)
          .render(conversation, config.specialTokens(), clock);
    } catch (TemplateException e) {
      Kind kind = e.kind() == TemplateException.Kind.SYNTAX ? Kind.BAD_FILE : Kind.BAD_CONVERSATION;
      throw new TextException(kind, "the chat template says: " + e.getMessage(), e);
    }
  }
}
