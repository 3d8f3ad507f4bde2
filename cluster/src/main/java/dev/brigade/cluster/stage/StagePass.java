package dev.brigade.cluster.stage;

import dev.brigade.cluster.sampling.Sampler;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.Slice;
import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Steps of several requests run together: rows in, and for each step hidden states or a token out.
 * Runs on the engine's thread and touches nothing that the loop owns.
 */
final class StagePass {
  private final LoadedShard shard;
  private final StageBuffers buffers;
  private final DType outputType;
  private final int outputWidth;

  /**
   * @param outputType element type of the hidden states handed on
   * @param outputWidth elements of a row handed on: the model's width, or its vocabulary with a
   *     head
   */
  StagePass(LoadedShard shard, StageBuffers buffers, DType outputType, int outputWidth) {
    this.shard = shard;
    this.buffers = buffers;
    this.outputType = outputType;
    this.outputWidth = outputWidth;
  }

  /**
   * One step's part.
   *
   * @param truncateTo what to forget first, if anything
   * @param draw how to draw a token from the last row; empty on stages without a head, and within a
   *     prompt
   */
  record Part(
      Sequence cache,
      OptionalInt truncateTo,
      Head.Step step,
      List<ByteBuffer> body,
      Optional<Draw> draw) {}

  /**
   * @param ids before the position, if penalties look at them
   * @param withLogits whether the row of logits is wanted, too
   */
  record Draw(
      SamplingParameters sampling, int position, int[] ids, int promptLength, boolean withLogits) {}

  /**
   * What came of one step.
   *
   * @param rows hidden states to hand on, or the row of logits; may be empty
   * @param token what was drawn
   */
  record Outcome(Optional<ByteBuffer> rows, OptionalInt token) {}

  /** A cache could keep less than was asked for. */
  static final class KeptLess extends Exception {
    KeptLess(int wanted, int kept) {
      super("the cache kept " + kept + " of " + wanted + " tokens");
    }
  }

  /**
   * Runs the parts in one pass.
   *
   * @param input shape of a row of the input: empty for ids, else the model's width
   */
  List<Outcome> run(List<Part> parts, OptionalInt input, boolean hasHead)
      throws EngineException, KeptLess {
    List<Slice> slices = new ArrayList<>();
    for (Part part : parts) {
      if (part.truncateTo().isPresent()) {
        int wanted = part.truncateTo().getAsInt();
        int kept = part.cache().truncate(wanted);
        if (kept < wanted) {
          throw new KeptLess(wanted, kept);
        }
      }
      slices.add(new Slice(part.cache(), part.step().rows(), part.step().outputs()));
    }
    Tensor in = gather(parts, input);
    Pass pass = new Pass(slices, in);
    int outRows = hasHead ? pass.outputs() : pass.rows();
    DType type = hasHead ? DType.F32 : outputType;
    Tensor out = buffers.output(type, outRows, outputWidth);
    shard.run(pass, out, Cancellation.none());
    return hasHead ? draw(parts, out) : scatter(parts, out);
  }

  private Tensor gather(List<Part> parts, OptionalInt input) {
    int rows = parts.stream().mapToInt(part -> part.step().rows()).sum();
    Tensor in = buffers.input(parts.get(0).step().type(), rows, input);
    ByteBuffer target = in.bytes();
    for (Part part : parts) {
      for (ByteBuffer piece : part.body()) {
        target.put(piece.duplicate());
      }
    }
    return in;
  }

  private List<Outcome> scatter(List<Part> parts, Tensor out) {
    List<Outcome> outcomes = new ArrayList<>();
    ByteBuffer source = out.bytes();
    for (Part part : parts) {
      byte[] rows = new byte[part.step().rows() * outputWidth * out.type().bytes()];
      source.get(rows);
      outcomes.add(new Outcome(Optional.of(littleEndian(rows)), OptionalInt.empty()));
    }
    return outcomes;
  }

  private List<Outcome> draw(List<Part> parts, Tensor out) {
    List<Outcome> outcomes = new ArrayList<>();
    ByteBuffer source = out.bytes();
    int rowBytes = outputWidth * DType.F32.bytes();
    int row = 0;
    for (Part part : parts) {
      row += part.step().outputs();
      if (part.draw().isEmpty()) {
        outcomes.add(new Outcome(Optional.empty(), OptionalInt.empty()));
        continue;
      }
      Draw draw = part.draw().get();
      ByteBuffer last = source.slice((row - 1) * rowBytes, rowBytes).order(ByteOrder.LITTLE_ENDIAN);
      Optional<ByteBuffer> logits = draw.withLogits() ? Optional.of(copy(last)) : Optional.empty();
      float[] values = new float[outputWidth];
      last.asFloatBuffer().get(values);
      int token =
          Sampler.sample(values, draw.sampling(), draw.position(), draw.ids(), draw.promptLength());
      outcomes.add(new Outcome(logits, OptionalInt.of(token)));
    }
    return outcomes;
  }

  private static ByteBuffer copy(ByteBuffer source) {
    byte[] bytes = new byte[source.remaining()];
    source.duplicate().get(bytes);
    return littleEndian(bytes);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
