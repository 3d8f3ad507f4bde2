package dev.brigade.launcher.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.generation.IncrementalText;
import dev.brigade.model.template.ChatTemplate;
import dev.brigade.model.template.Conversation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tokenizer and chat template of a model. Safe for use by several threads. */
public final class ModelText implements AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;
  private final JsonNode config;

  private ModelText(HuggingFaceTokenizer tokenizer, JsonNode config) {
    this.tokenizer = tokenizer;
    this.config = config;
  }

  public static Optional<ModelText> open(Path folder) throws RequestException {
    if (!Files.exists(folder.resolve("tokenizer.json"))) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ModelText(
              HuggingFaceTokenizer.newInstance(
                  folder.resolve("tokenizer.json"), Map.of("addSpecialTokens", "true")),
              new ObjectMapper().readTree(folder.resolve("tokenizer_config.json").toFile())));
    } catch (IOException e) {
      throw new RequestException(RequestException.Kind.BAD_MODEL, e.toString(), e);
    }
  }

  public static ModelText required(Path folder) throws RequestException {
    return open(folder).orElseThrow(() -> missing(folder));
  }

  static RequestException missing(Path folder) {
    return new RequestException(
        RequestException.Kind.INVALID,
        folder + " has no tokenizer.json; without a tokenizer only token ids can be used");
  }

  public List<Integer> encode(String text) {
    return ids(tokenizer.encode(text, true, false).getIds());
  }

  public List<Integer> encodeRendered(String text) {
    return ids(tokenizer.encode(text, false, false).getIds());
  }

  private static List<Integer> ids(long[] ids) {
    return Arrays.stream(ids).mapToObj(id -> (int) id).toList();
  }

  public String decode(List<Integer> ids) {
    return tokenizer.decode(ids.stream().mapToLong(i -> i).toArray(), false);
  }

  public String render(Conversation conversation, Clock clock) throws RequestException {
    return ChatTemplate.parse(config.get("chat_template").textValue())
        .render(conversation, Map.of(), clock);
  }

  public List<Integer> ask(String question) throws RequestException {
    JsonNode turn =
        new ObjectMapper().createObjectNode().put("role", "user").put("content", question);
    return encodeRendered(render(Conversation.of(List.of(turn)), Clock.systemDefaultZone()));
  }

  public IncrementalText incremental() {
    return new IncrementalText() {
      @Override
      public String add(int id) {
        return tokenizer.decode(new long[] {id}, true);
      }

      @Override
      public String finish() {
        return "";
      }
    };
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
