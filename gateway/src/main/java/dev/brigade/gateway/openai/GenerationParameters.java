package dev.brigade.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.gateway.http.ApiError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What chat completions and completions have in common: how to draw, and where to stop.
 *
 * @param model id of the model
 * @param choices how many answers to each prompt
 * @param maxTokens most tokens of an answer; empty for what fits the context
 * @param stop texts that end an answer
 * @param ignoreEos whether to go on past the end-of-sequence tokens
 * @param stream whether the answer is told as it comes
 * @param includeUsage whether a stream ends with the counts
 * @param standby whether to refuse rather than to begin without a spare holder of each shard
 */
record GenerationParameters(
    String model,
    int choices,
    OptionalInt maxTokens,
    List<String> stop,
    boolean ignoreEos,
    boolean stream,
    boolean includeUsage,
    boolean standby,
    Draw draw) {
  private static final int MOST_CHOICES = 128;
  private static final int MOST_STOPS = 16;

  GenerationParameters {
    stop = List.copyOf(stop);
  }

  /** What the client says of sampling; empty where it leaves that to the model. */
  record Draw(
      OptionalDouble temperature,
      OptionalDouble topP,
      OptionalInt topK,
      OptionalDouble minP,
      OptionalDouble repetitionPenalty,
      OptionalDouble frequencyPenalty,
      OptionalDouble presencePenalty,
      OptionalLong seed) {}

  static GenerationParameters read(Parameters body) throws ApiError {
    boolean stream = body.flag("stream");
    Optional<Parameters> streamOptions = body.object("stream_options");
    if (streamOptions.isPresent() && !stream) {
      throw ApiError.parameter(
          "stream_options", "'stream_options' is allowed only when 'stream' is true");
    }
    return new GenerationParameters(
        body.requiredText("model"),
        body.integer("n", 1, MOST_CHOICES).orElse(1),
        maxTokens(body),
        stop(body),
        body.flag("ignore_eos"),
        stream,
        streamOptions.isPresent() && streamOptions.get().flag("include_usage"),
        standby(body),
        draw(body));
  }

  private static boolean standby(Parameters body) throws ApiError {
    Optional<Parameters> brigade = body.object("brigade");
    if (brigade.isEmpty()) {
      return false;
    }
    for (Map.Entry<String, JsonNode> option : brigade.get().node().properties()) {
      if (!option.getKey().equals("standby")) {
        String name = brigade.get().name(option.getKey());
        throw ApiError.parameter(name, "'" + name + "' is not known; 'brigade' takes 'standby'");
      }
    }
    return brigade.get().flag("standby");
  }

  private static Draw draw(Parameters body) throws ApiError {
    return new Draw(
        body.number("temperature"),
        body.number("top_p"),
        body.integer("top_k", -1, Integer.MAX_VALUE),
        body.number("min_p"),
        body.number("repetition_penalty"),
        body.number("frequency_penalty"),
        body.number("presence_penalty"),
        body.longInteger("seed"));
  }

  private static OptionalInt maxTokens(Parameters body) throws ApiError {
    OptionalInt older = body.integer("max_tokens", 1, Integer.MAX_VALUE);
    OptionalInt newer = body.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
    if (older.isPresent() && newer.isPresent() && older.getAsInt() != newer.getAsInt()) {
      throw ApiError.parameter(
          "max_tokens", "'max_tokens' and 'max_completion_tokens' contradict each other; send one");
    }
    return newer.isPresent() ? newer : older;
  }

  private static List<String> stop(Parameters body) throws ApiError {
    Optional<JsonNode> node = body.value("stop");
    if (node.isEmpty()) {
      return List.of();
    }
    if (!node.get().isTextual() && !node.get().isArray()) {
      throw Parameters.wrong("stop", "a string or a list of strings", node.get());
    }
    List<String> texts = new ArrayList<>();
    if (node.get().isTextual()) {
      texts.add(Parameters.text("stop", node.get()));
    }
    for (int i = 0; i < node.get().size(); i++) {
      texts.add(Parameters.text("stop[" + i + "]", node.get().get(i)));
    }
    if (texts.size() > MOST_STOPS || texts.contains("")) {
      throw ApiError.parameter(
          "stop", "'stop' takes at most " + MOST_STOPS + " texts, none of them empty");
    }
    return texts;
  }

  /**
   * How to draw one of the answers; those to one prompt differ in their seeds.
   *
   * @throws ApiError if a value is out of its range
   */
  SamplingParameters sampling(SamplingDefaults model, long seed) throws ApiError {
    try {
      return new SamplingParameters(
          draw.temperature.orElse(model.temperature()),
          Math.max(0, draw.topK.orElse(model.topK())),
          draw.topP.orElse(model.topP()),
          draw.minP.orElse(model.minP()),
          draw.repetitionPenalty.orElse(model.repetitionPenalty()),
          draw.frequencyPenalty.orElse(0),
          draw.presencePenalty.orElse(0),
          seed);
    } catch (IllegalArgumentException e) {
      // Its message begins with the parameter's name, which is the same here.
      throw ApiError.parameter(e.getMessage().split(" ", 2)[0], e.getMessage());
    }
  }

  /** The client's seed, or one that nobody knows. */
  long seed() {
    return draw.seed.orElseGet(() -> ThreadLocalRandom.current().nextLong());
  }

  /**
   * Most tokens of an answer to a prompt: what the client asks for, as far as the context holds it.
   *
   * @throws ApiError context_length_exceeded if the prompt leaves no room for an answer
   */
  int answerTokens(int promptTokens, int context) throws ApiError {
    if (promptTokens >= context) {
      throw ApiError.http(
          400,
          "context_length_exceeded",
          "the prompt has %d tokens and the context holds %d, the answer included; shorten the prompt"
              .formatted(promptTokens, context));
    }
    return Math.min(maxTokens.orElse(Integer.MAX_VALUE), context - promptTokens);
  }
}
