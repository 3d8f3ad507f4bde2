package dev.brigade.engine.djl;

import dev.brigade.engine.djl.Value.Kind;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.Shard;
import java.util.List;
import java.util.Map;

/**
 * One shard of a model as TorchScript.
 *
 * @param source text of the module
 * @param operands the tensors that it works on, in the order in which it numbers them
 */
record ShardScript(String source, List<Operand> operands) {
  private static final String SHARED = ScriptText.resource("shard.torchscript");

  /** Replays the recipe once. */
  static ShardScript of(Decoder decoder, Shard shard, DType precision, String device) {
    ScriptBody body = new ScriptBody(device);
    ScriptOps ops = new ScriptOps(body, precision, shard.first());
    Value input =
        shard.embeds()
            ? new Value("x", Kind.IDS, 0)
            : new Value("x", Kind.WIDE, decoder.shape().width());
    Value result = decoder.shard(ops, shard.first(), shard.last(), input);
    String entry = shard.embeds() ? "input.to(device)" : "self.hidden(input, device)";
    return new ShardScript(SHARED + body.methods(entry, result.name()), body.operands());
  }

  /** The module as an archive that PyTorch loads. */
  byte[] archive() {
    return ModuleArchive.of(
        source,
        Map.of(
            "w", ModuleArchive.Initial.EMPTY_TENSOR_LIST, "kv", ModuleArchive.Initial.EMPTY_DICT));
  }
}
