package dev.brigade.cluster.generation;

import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.plan.PlacedPlan;
import dev.brigade.spi.partition.Plan;
import java.util.List;

/**
 * What happens to a request, in this order: Planned, Prefilled, Token…, then Finished or Failed.
 */
public sealed interface GenerationEvent {

  /**
   * All stages have reserved the memory that the request needs. Again after each recovery.
   *
   * @param plan the plan it runs on
   * @param loads what loading the stages took, in their order
   */
  record Planned(Plan plan, List<PlacedPlan.Load> loads) implements GenerationEvent {
    public Planned {
      loads = List.copyOf(loads);
    }
  }

  /**
   * The prompt has been computed.
   *
   * @param logits of the last prompt position if they were asked for, else empty
   */
  record Prefilled(List<Float> logits) implements GenerationEvent {
    public Prefilled {
      logits = List.copyOf(logits);
    }
  }

  /**
   * A token was generated.
   *
   * @param id the token
   * @param text what can be shown now: whole characters only, nothing that may yet turn out to be
   *     the beginning of a stop text; often empty, and empty throughout for a model without
   *     tokenizer
   */
  record Token(int id, String text) implements GenerationEvent {}

  /**
   * The answer is complete.
   *
   * @param text what had been held back and belongs to the answer after all
   * @param reason why it ended
   * @param tokens ids of the whole answer; an end-of-sequence token that ended it is included
   * @param usage counts and times
   */
  record Finished(String text, FinishReason reason, List<Integer> tokens, Usage usage)
      implements GenerationEvent {
    public Finished {
      tokens = List.copyOf(tokens);
    }
  }

  /** The answer ends here without being complete. */
  record Failed(RequestException cause) implements GenerationEvent {}
}
