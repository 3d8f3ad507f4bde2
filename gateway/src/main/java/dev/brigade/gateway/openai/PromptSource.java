package dev.brigade.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.cluster.RequestException;
import java.util.List;
import java.util.Map;

/**
 * What requests need of a model's files. Called on worker threads, as rendering and tokenizing a
 * long conversation takes a while; several at a time.
 */
public interface PromptSource {

  /** Most tokens of prompt and answer together. */
  int context();

  /** Ids run from 0 to below this. */
  int vocabulary();

  /** How it is sampled where a request says nothing. */
  SamplingDefaults sampling();

  /**
   * Ids of a text, with what the tokenizer adds to one.
   *
   * @throws RequestException INVALID if the model has no tokenizer
   */
  List<Integer> encode(String text) throws RequestException;

  /**
   * Ids of a conversation as the model's chat template writes it, up to where the answer begins.
   *
   * @param messages as templates see them
   * @param tools the same; empty for none
   * @param variables further variables for the template
   * @throws RequestException INVALID if the model has no chat template, or the template refuses
   */
  List<Integer> encode(
      List<ObjectNode> messages, List<ObjectNode> tools, Map<String, JsonNode> variables)
      throws RequestException;
}
