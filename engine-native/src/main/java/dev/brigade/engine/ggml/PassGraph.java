package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.Backends;
import dev.brigade.engine.ggml.binding.GgmlTensor;
import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.engine.ggml.binding.GraphMemory;
import dev.brigade.engine.ggml.binding.GraphNotes;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.engine.PassChunk;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException.Cancelled;
import dev.brigade.spi.engine.EngineException.DeviceFailure;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/** The graph of one shard for chunks of one shape, ready to run again and again. */
final class PassGraph implements AutoCloseable {
  private static final int NODES = 2000;
  private static final int NODES_PER_LAYER = 1200;
  private static final int NODES_PER_LAYER_AND_PART = 40;

  private final PassShape shape;
  private final GraphNotes notes;
  private final GraphMemory memory;
  private final GraphInputs filled;
  private final PassInputs inputs;
  private final GgmlTensor input;
  private final Optional<Node> result;
  private final boolean logits;

  private PassGraph(
      PassShape shape,
      GraphNotes notes,
      GraphMemory memory,
      GraphInputs filled,
      PassInputs inputs,
      GgmlTensor input,
      Optional<Node> result,
      boolean logits) {
    this.shape = shape;
    this.notes = notes;
    this.memory = memory;
    this.filled = filled;
    this.inputs = inputs;
    this.input = input;
    this.result = result;
    this.logits = logits;
  }

  /**
   * Notes the graph and gives its tensors memory.
   *
   * @param memory of one graph at a time: the one before cannot run any more
   */
  static PassGraph of(
      Decoder decoder,
      Shard shard,
      PassShape shape,
      ShardWeights weights,
      boolean current,
      boolean exact,
      GraphMemory memory)
      throws DeviceFailure {
    int layers = shard.last() - shard.first();
    long most =
        NODES
            + weights.count()
            + layers * (NODES_PER_LAYER + (long) NODES_PER_LAYER_AND_PART * shape.parts().size());
    GraphNotes notes = new GraphNotes(most);
    try {
      GraphInputs filled = new GraphInputs(notes);
      PassInputs inputs = new PassInputs(filled, shape);
      OptionalInt lastLayer = shard.hasHead() ? OptionalInt.of(layers - 1) : OptionalInt.empty();
      GraphOps ops =
          new GraphOps(notes, shape, inputs, weights, current, exact, shard.first(), lastLayer);
      int width = decoder.shape().width();
      GgmlTensor input =
          shard.embeds()
              ? notes.input(GgmlType.I32, shape.rows(), 1)
              : notes.input(GgmlType.of(shape.in()), width, shape.rows());
      Optional<Node> result = note(decoder, shard, shape, notes, ops, input);
      result.ifPresent(node -> notes.output(node.tensor()));
      if (!memory.allocate(notes, notes.noted() + weights.count())) {
        throw new DeviceFailure("ggml has no memory for a pass of " + shape.rows() + " rows", null);
      }
      return new PassGraph(shape, notes, memory, filled, inputs, input, result, shard.hasHead());
    } catch (DeviceFailure | RuntimeException e) {
      notes.close();
      throw e;
    }
  }

  /** A chunk that nobody wants logits of ends with what its last layer caches. */
  private static Optional<Node> note(
      Decoder decoder,
      Shard shard,
      PassShape shape,
      GraphNotes notes,
      GraphOps ops,
      GgmlTensor input) {
    Node x = entry(decoder, shard, shape, notes, ops, input);
    for (int layer = shard.first(); layer < shard.last(); layer++) {
      x = decoder.layer(ops, layer, x);
    }
    if (!shard.hasHead()) {
      return Optional.of(
          shape.out() == DType.F32
              ? x
              : new Node(notes.cast(x.tensor(), GgmlType.of(shape.out())), x.width(), x.rows()));
    }
    return shape.outputs() == 0 ? Optional.empty() : Optional.of(decoder.head(ops, ops.outputs(x)));
  }

  private static Node entry(
      Decoder decoder,
      Shard shard,
      PassShape shape,
      GraphNotes notes,
      GraphOps ops,
      GgmlTensor input) {
    if (shard.embeds()) {
      return decoder.embed(ops, new Node(input, 1, shape.rows()));
    }
    GgmlTensor wide = shape.in() == DType.F32 ? input : notes.cast(input, GgmlType.F32);
    return new Node(wide, decoder.shape().width(), shape.rows());
  }

  PassShape shape() {
    return shape;
  }

  /** Computes a chunk of this shape. */
  void run(Backends backends, PassChunk chunk, Tensor in, Tensor out, Cancellation cancel)
      throws DeviceFailure, Cancelled {
    inputs.use(chunk);
    filled.fill();
    input.set(rows(in, chunk.from(), chunk.to()), 0);
    backends.compute(memory, notes, cancel);
    if (result.isPresent()) {
      int from = logits ? chunk.outputsFrom() : chunk.from();
      result.get().tensor().get(rows(out, from, from + result.get().rows()), 0);
    }
  }

  /** The bytes of some rows; addresses, not views, so that a read-only buffer serves as well. */
  private static ByteBuffer rows(Tensor tensor, int from, int to) {
    ByteBuffer bytes = tensor.bytes();
    int start = bytes.position();
    int row = bytes.remaining() / Math.max(1, tensor.size(0));
    return bytes.position(start + from * row).limit(start + to * row);
  }

  @Override
  public void close() {
    notes.close();
  }
}
