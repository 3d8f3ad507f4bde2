package dev.brigade.launcher.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.cluster.RequestException;
import dev.brigade.gateway.openai.PromptSource;
import dev.brigade.gateway.openai.SamplingDefaults;
import dev.brigade.model.config.GenerationDefaults;
import dev.brigade.model.template.Conversation;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the HTTP interface needs of an open model.
 *
 * @param planned tokens of a sequence that plans have room for; counts where the model takes more
 */
record ModelPromptSource(OpenModel model, int planned) implements PromptSource {

  @Override
  public int context() {
    return Math.min(planned, model.served().shape().contextLimit());
  }

  @Override
  public int vocabulary() {
    return model.served().shape().vocabulary();
  }

  @Override
  public SamplingDefaults sampling() {
    GenerationDefaults defaults = model.served().generation();
    SamplingDefaults plain = SamplingDefaults.PLAIN;
    return new SamplingDefaults(
        defaults.sample() ? defaults.temperature().orElse(plain.temperature()) : 0,
        defaults.topK().orElse(plain.topK()),
        defaults.topP().orElse(plain.topP()),
        defaults.minP().orElse(plain.minP()),
        defaults.repetitionPenalty().orElse(plain.repetitionPenalty()));
  }

  @Override
  public List<Integer> encode(String text) throws RequestException {
    return model.requiredText().encode(text);
  }

  @Override
  public List<Integer> encode(
      List<ObjectNode> messages, List<ObjectNode> tools, Map<String, JsonNode> variables)
      throws RequestException {
    List<JsonNode> turns = List.copyOf(messages);
    Optional<List<JsonNode>> offered =
        tools.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(tools));
    Conversation conversation = new Conversation(turns, offered, Optional.empty(), true, variables);
    ModelText text = model.requiredText();
    return text.encodeRendered(text.render(conversation, Clock.systemDefaultZone()));
  }
}
