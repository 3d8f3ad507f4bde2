package dev.brigade.model.gguf;

import dev.brigade.model.weights.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says canonical names in a file's own, undoing what its converter did: it reordered the rows of
 * llama's queries and keys, since ggml rotates neighbouring columns there, and it added 1 to
 * gemma's norms.
 *
 * @param interleaved whether queries and keys were reordered
 * @param raisedNorms whether 1 was added to norms
 * @param normsAfter whether the norm that is canonically named after attention is so here too, as
 *     in gemma, olmo and gpt-oss; else it is the one before the feed-forward
 * @param headWidth rows of one head's query or key
 * @param present whether the file has a tensor
 */
record GgufNames(
    boolean interleaved,
    boolean raisedNorms,
    boolean normsAfter,
    int headWidth,
    Predicate<String> present) {
  private static final Pattern OF_LAYER = Pattern.compile("model\\.layers\\.(\\d+)\\.(.+)");
  private static final Map<String, String> ENDS =
      Map.of(
          "model.embed_tokens.weight", "token_embd.weight",
          "lm_head.weight", "output.weight",
          "model.norm.weight", "output_norm.weight");
  private static final Map<String, String> PARTS =
      Map.ofEntries(
          Map.entry("input_layernorm", "attn_norm"),
          Map.entry("self_attn.q_proj", "attn_q"),
          Map.entry("self_attn.k_proj", "attn_k"),
          Map.entry("self_attn.v_proj", "attn_v"),
          Map.entry("self_attn.qkv_proj", "attn_qkv"),
          Map.entry("self_attn.o_proj", "attn_output"),
          Map.entry("self_attn.q_norm", "attn_q_norm"),
          Map.entry("self_attn.k_norm", "attn_k_norm"),
          Map.entry("pre_feedforward_layernorm", "ffn_norm"),
          Map.entry("post_feedforward_layernorm", "post_ffw_norm"),
          Map.entry("self_attn.q_a_proj", "attn_q_a"),
          Map.entry("self_attn.q_a_layernorm", "attn_q_a_norm"),
          Map.entry("self_attn.q_b_proj", "attn_q_b"),
          Map.entry("self_attn.kv_a_proj_with_mqa", "attn_kv_a_mqa"),
          Map.entry("self_attn.kv_a_layernorm", "attn_kv_a_norm"),
          Map.entry("self_attn.kv_b_proj", "attn_kv_b"),
          Map.entry("self_attn.embed_q", "attn_k_b"),
          Map.entry("self_attn.unembed_out", "attn_v_b"),
          Map.entry("mlp.gate_proj", "ffn_gate"),
          Map.entry("mlp.up_proj", "ffn_up"),
          Map.entry("mlp.gate_up_proj", "ffn_up"),
          Map.entry("mlp.down_proj", "ffn_down"),
          Map.entry("mlp.gate", "ffn_gate_inp"),
          Map.entry("mlp.switch_mlp.gate_proj", "ffn_gate_exps"),
          Map.entry("mlp.switch_mlp.up_proj", "ffn_up_exps"),
          Map.entry("mlp.switch_mlp.down_proj", "ffn_down_exps"),
          Map.entry("mlp.router", "ffn_gate_inp"),
          Map.entry("mlp.experts.gate_proj", "ffn_gate_exps"),
          Map.entry("mlp.experts.up_proj", "ffn_up_exps"),
          Map.entry("mlp.experts.down_proj", "ffn_down_exps"),
          Map.entry("mlp.shared_experts.gate_proj", "ffn_gate_shexp"),
          Map.entry("mlp.shared_experts.up_proj", "ffn_up_shexp"),
          Map.entry("mlp.shared_experts.down_proj", "ffn_down_shexp"),
          Map.entry("block_sparse_moe.gate", "ffn_gate_inp"),
          Map.entry("block_sparse_moe.switch_mlp.gate_proj", "ffn_gate_exps"),
          Map.entry("block_sparse_moe.switch_mlp.up_proj", "ffn_up_exps"),
          Map.entry("block_sparse_moe.switch_mlp.down_proj", "ffn_down_exps"));

  /** Names that do not end alike here and there. */
  private static final Map<String, String> WHOLE =
      Map.of(
          "self_attn.sinks", "attn_sinks.weight",
          "mlp.gate.e_score_correction_bias", "exp_probs_b.bias");

  /** The file's name of a canonical one; empty if the file has none. */
  Optional<String> own(String canonical) {
    Matcher matcher = OF_LAYER.matcher(canonical);
    Optional<String> own =
        matcher.matches()
            ? ofLayer(matcher.group(1), matcher.group(2))
            : Optional.ofNullable(ENDS.get(canonical));
    return own.filter(present);
  }

  private Optional<String> ofLayer(String layer, String name) {
    if (WHOLE.containsKey(name)) {
      return Optional.of("blk." + layer + "." + WHOLE.get(name));
    }
    int dot = name.lastIndexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    String part = name.substring(0, dot);
    String own =
        part.equals("post_attention_layernorm")
            ? normsAfter ? "post_attention_norm" : "ffn_norm"
            : PARTS.get(part);
    return Optional.ofNullable(own)
        .map(found -> "blk." + layer + "." + found + name.substring(dot));
  }

  /** The same weight over the file's tensors. Names that the file lacks stay, for the error. */
  Weight translated(Weight weight) {
    if (weight instanceof Weight.Named named) {
      return named(named);
    } else if (weight instanceof Weight.Slice slice) {
      return translated(slice.of())
          .slice(slice.dimension(), slice.from(), slice.to(), slice.step());
    } else if (weight instanceof Weight.Entry entry) {
      return translated(entry.of()).entry(entry.index());
    } else if (weight instanceof Weight.Transposed transposed) {
      return translated(transposed.of()).transposed();
    } else if (weight instanceof Weight.Plus plus) {
      return plus(translated(plus.of()), plus.constant());
    } else if (weight instanceof Weight.Stack stack) {
      return Weight.stack(stack.parts().stream().map(this::translated).toList());
    } else if (weight instanceof Weight.Concat concat) {
      return Weight.concat(concat.parts().stream().map(this::translated).toList());
    }
    List<Weight> alternatives = ((Weight.FirstOf) weight).alternatives();
    return translated(
        alternatives.stream().filter(this::isPresent).findFirst().orElse(alternatives.get(0)));
  }

  /** Two additions that cancel out leave bytes of the file. */
  private static Weight plus(Weight weight, double constant) {
    return weight instanceof Weight.Plus plus && plus.constant() == -constant
        ? plus.of()
        : weight.plus(constant);
  }

  private Weight named(Weight.Named canonical) {
    Optional<String> own = own(canonical.name());
    if (own.isEmpty()) {
      return canonical;
    }
    Weight stored = new Weight.Named(own.get(), canonical.shape());
    if (interleaved && canonical.name().matches(".*self_attn\\.[qk]_proj\\.(weight|bias)")) {
      return halves(stored);
    }
    boolean norm = canonical.name().endsWith("norm.weight");
    return raisedNorms && norm ? stored.plus(-1) : stored;
  }

  /** Of every head, first the rows with even numbers, then those with odd ones. */
  private Weight halves(Weight stored) {
    List<Weight> rows = new ArrayList<>();
    long end = stored.shape().get(0);
    for (long head = 0; head < end; head += headWidth) {
      rows.add(stored.slice(0, head, head + headWidth, 2));
      rows.add(stored.slice(0, head + 1, head + headWidth, 2));
    }
    return Weight.concat(rows);
  }

  private boolean isPresent(Weight weight) {
    if (weight instanceof Weight.Named named) {
      return own(named.name()).isPresent();
    } else if (weight instanceof Weight.Slice slice) {
      return isPresent(slice.of());
    } else if (weight instanceof Weight.Entry entry) {
      return isPresent(entry.of());
    } else if (weight instanceof Weight.Transposed transposed) {
      return isPresent(transposed.of());
    } else if (weight instanceof Weight.Plus plus) {
      return isPresent(plus.of());
    } else if (weight instanceof Weight.Stack stack) {
      return stack.parts().stream().allMatch(this::isPresent);
    } else if (weight instanceof Weight.Concat concat) {
      return concat.parts().stream().allMatch(this::isPresent);
    }
    return ((Weight.FirstOf) weight).alternatives().stream().anyMatch(this::isPresent);
  }
}
