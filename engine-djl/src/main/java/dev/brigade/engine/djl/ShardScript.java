package dev.brigade.engine.djl;

import dev.brigade.engine.djl.Value.Kind;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.Shard;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One shard of a model as TorchScript.
 *
 * @param source text of the module
 * @param operands the tensors that it works on, in the order in which it numbers them
 */
record ShardScript(String source, List<Operand> operands) {
  private static final String SHARED = ScriptText.resource("shard.torchscript");

  /** Replays the recipe: once to see what routes, and once to write. */
  static ShardScript of(Decoder decoder, Shard shard, DType precision, String device) {
    ScriptOps draft = new ScriptOps(new ScriptBody(device), precision, shard.first(), Set.of());
    replay(decoder, shard, draft);
    ScriptBody body = new ScriptBody(device);
    ScriptOps ops = new ScriptOps(body, precision, shard.first(), draft.decisive());
    Value result = replay(decoder, shard, ops);
    String entry = shard.embeds() ? "input.to(device)" : "self.hidden(input, device)";
    return new ShardScript(SHARED + body.methods(entry, result.name()), body.operands());
  }

  private static Value replay(Decoder decoder, Shard shard, ScriptOps ops) {
    Value input =
        shard.embeds()
            ? new Value("x", Kind.IDS, 0)
            : new Value("x", Kind.WIDE, decoder.shape().width());
    return decoder.shard(ops, shard.first(), shard.last(), input);
  }

  /** The module as an archive that PyTorch loads. */
  byte[] archive() {
    return ModuleArchive.of(
        source,
        Map.of(
            "w", ModuleArchive.Initial.EMPTY_TENSOR_LIST, "kv", ModuleArchive.Initial.EMPTY_DICT));
  }
}
