package dev.brigade.model.template;

import dev.brigade.model.template.TemplateException.Kind;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;

/**
 * One parsed chat template: the Jinja text with which a model's makers turn a conversation into a
 * prompt. Renders equal those of transformers' {@code apply_chat_template(tokenize=False)}.
 *
 * <p>Immutable, and safe to use from many threads at once. A template comes from a model repository
 * and is not trusted: it can reach nothing but the values it is given, and a render ends with
 * {@link TemplateException} of kind {@code LIMIT} when it costs more than a conversation of that
 * size can need.
 */
public final class ChatTemplate {
  private final Statements.Scoped body;

  private ChatTemplate(Statements.Scoped body) {
    this.body = body;
  }

  /**
   * Parses a template.
   *
   * @throws TemplateException of kind {@code SYNTAX} when it is none
   */
  public static ChatTemplate parse(String source) {
    try {
      return new ChatTemplate(Parser.parse(source));
    } catch (StackOverflowError tooDeep) {
      throw new TemplateException(Kind.LIMIT, "the template nests too deeply");
    }
  }

  /**
   * The text of a conversation.
   *
   * @param specialTokens the tokenizer's special tokens by variable name, such as {@code bos_token}
   * @param clock the time and zone that {@code strftime_now} tells
   * @throws TemplateException when the template refuses the conversation or fails on it
   */
  public String render(Conversation conversation, Map<String, String> specialTokens, Clock clock) {
    Map<String, Object> variables = conversation.asVariables(specialTokens);
    Render render =
        new Render(LocalDateTime.now(clock), JsonValues.size(variables.values().stream().toList()));
    Map<String, Object> context = new HashMap<>(Globals.all());
    context.putAll(variables);
    Output out = new Output(render);
    try {
      body.run(Scope.context(render, context), out);
    } catch (StackOverflowError tooDeep) {
      throw new TemplateException(Kind.LIMIT, "the template nests too deeply");
    }
    return out.text();
  }
}
