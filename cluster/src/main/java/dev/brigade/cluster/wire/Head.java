package dev.brigade.cluster.wire;

import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.transport.NodeId;
import java.util.List;

/**
 * The heads of the messages between nodes, with what each answers. All are idempotent: a message
 * that comes twice, late, or for a request that is over, is answered and changes nothing.
 */
public sealed interface Head {

  /** Load your stage of this plan, and keep it for me; answered by {@link Placed} once it runs. */
  record Place(Plan plan) implements Head {}

  /**
   * @param loadMillis how long loading took; 0 if it was there already
   * @param bytes memory that the shard takes
   * @param unreachable nodes of the plan that this stage has to speak to and cannot
   */
  record Placed(long loadMillis, long bytes, List<NodeId> unreachable) implements Head {
    public Placed {
      unreachable = List.copyOf(unreachable);
    }
  }

  /** I do not need this plan any more. */
  record Release(String plan) implements Head {}

  /**
   * Reserve a sequence, or keep what you have of it and follow a new attempt; answered by {@link
   * Opened}. The tail gets all ids so far as the body.
   *
   * @param attempt grows with each recovery; what belongs to a lower one is dropped from now on
   * @param capacity most tokens
   * @param promptLength tokens of the prompt
   * @param sampling how to draw
   * @param eos ids after which the head is given nothing more
   * @param limit prompt and answer together end before this position
   * @param promptLogits whether the first {@link Sampled} carries the row of logits
   */
  record Open(
      String request,
      int attempt,
      String plan,
      int capacity,
      int promptLength,
      SamplingParameters sampling,
      List<Integer> eos,
      int limit,
      boolean promptLogits)
      implements Head {}

  /**
   * @param length tokens held from an earlier attempt
   */
  record Opened(int length) implements Head {}

  /**
   * The request is over here, up to this attempt; answered by {@link Closed}.
   *
   * @param attempt the last one that is over; {@link Integer#MAX_VALUE} for all
   */
  record Close(String request, int attempt) implements Head {}

  /**
   * @param steps steps run
   * @param computeNanos time in the engine, nanoseconds
   */
  record Closed(int steps, long computeNanos) implements Head {}

  /**
   * Run these rows and hand on what comes out. Answered once there is room for the next one: the
   * answer is the credit. The body is token ids (I32) for the first stage, else hidden states.
   *
   * @param from where this attempt begins: what the stage holds beyond is forgotten first
   * @param start position of the first row
   * @param rows number of rows
   * @param outputs rows at the end that need logits
   * @param type element type of the body
   */
  record Step(String request, int attempt, int from, int start, int rows, int outputs, DType type)
      implements Head {
    public Step {
      if (start < from || from < 0 || rows < 1 || outputs < 0 || outputs > rows) {
        throw new IllegalArgumentException(
            "step from %d, start %d, rows %d, outputs %d".formatted(from, start, rows, outputs));
      }
    }

    /** One past the last position. */
    public int end() {
      return start + rows;
    }
  }

  /**
   * The tail has drawn a token; told to the entry and, unless it is the last, to the first stage.
   * May have the row of logits (F32) as the body.
   */
  record Sampled(String request, int attempt, int position, int id, boolean last) implements Head {}

  /**
   * A stage cannot go on; told to the entry, which begins a new attempt.
   *
   * @param length tokens that the stage holds
   * @param reason for a person to read
   * @param unreachable the node that the stage could not speak to, if that is why
   */
  record Interrupted(
      String request, int attempt, int length, String reason, List<NodeId> unreachable)
      implements Head {
    public Interrupted {
      unreachable = List.copyOf(unreachable);
    }
  }

  /**
   * Do you still want these of me? A farewell may have been lost, or said while one of both was
   * away; answered by {@link Unwanted}.
   *
   * @param requests open here
   * @param plans loaded here
   */
  record Held(List<String> requests, List<String> plans) implements Head {
    public Held {
      requests = List.copyOf(requests);
      plans = List.copyOf(plans);
    }
  }

  /** These of them I do not want any more. */
  record Unwanted(List<String> requests, List<String> plans) implements Head {
    public Unwanted {
      requests = List.copyOf(requests);
      plans = List.copyOf(plans);
    }
  }

  /**
   * Answer at once, so that I can measure the link; the body is of no meaning.
   *
   * @param bytes of the body
   */
  record Probe(int bytes) implements Head {}

  /**
   * The answer of whoever cannot do what it was asked.
   *
   * @param kind whose turn it is to do something
   * @param reason for the client to read; carries the sum where memory is missing
   */
  record Denied(RequestException.Kind kind, String reason) implements Head {}

  /** Received; nothing else to say. */
  record Ack() implements Head {}
}
