package dev.brigade.cluster.generation;

import dev.brigade.cluster.ServedModel;
import dev.brigade.model.text.IncrementalText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tokens of a request and what is to be seen of them: all that a generation is. Knows when it
 * is complete. Owned by the loop.
 */
final class Answer {
  private final GenerationRequest request;
  private final List<Integer> eos;
  private final int limit;
  private final IncrementalText decoder;
  private final TextAssembler assembler;
  private final List<Integer> ids;
  private Optional<FinishReason> finished = Optional.empty();
  private String rest = "";

  /**
   * @param limit prompt and answer together end before this position
   */
  Answer(GenerationRequest request, ServedModel model, int limit) {
    this.request = request;
    this.eos = request.ignoreEos() ? List.of() : model.generation().eosIds();
    this.limit = limit;
    this.decoder = model.text().get();
    this.assembler = new TextAssembler(request.stop());
    this.ids = new ArrayList<>(request.promptIds());
  }

  /** Prompt and answer so far. */
  int length() {
    return ids.size();
  }

  int promptLength() {
    return request.promptIds().size();
  }

  int limit() {
    return limit;
  }

  List<Integer> eos() {
    return eos;
  }

  List<Integer> ids(int from, int to) {
    return ids.subList(from, to);
  }

  List<Integer> tokens() {
    return List.copyOf(ids.subList(promptLength(), ids.size()));
  }

  /**
   * Adds the next token.
   *
   * @return the text that can be shown now
   */
  String add(int id) {
    ids.add(id);
    if (eos.contains(id)) {
      return finish(FinishReason.STOP, "");
    }
    String shown = assembler.add(decoder.add(id));
    if (assembler.isStopped()) {
      return finish(FinishReason.STOP, shown);
    }
    return ids.size() >= limit ? finish(FinishReason.LENGTH, shown) : shown;
  }

  private String finish(FinishReason reason, String shown) {
    if (!assembler.isStopped()) {
      String last = assembler.add(decoder.finish());
      rest = assembler.isStopped() ? last : last + assembler.finish();
    }
    boolean stopped = assembler.isStopped();
    finished = Optional.of(stopped ? FinishReason.STOP : reason);
    return shown;
  }

  /** Why it is complete; empty as long as it is not. */
  Optional<FinishReason> finished() {
    return finished;
  }

  /** What had been held back and belongs to the answer after all. */
  String rest() {
    return rest;
  }
}
