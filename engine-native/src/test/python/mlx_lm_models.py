"""Makes the tiny quantised models beside this script with mlx-lm 0.31.2 on MLX 0.31.2's CPU.

    pip install 'mlx[cpu]==0.31.2' mlx-lm==0.31.2
    python mlx_lm_models.py FOLDER

Weights are random. Beside each model, mlx_lm.json has what mlx-lm itself computes from it: the
logits after some ids, and the ids that it goes on with.
"""

import json
import sys
from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_flatten, tree_map
from mlx_lm.models import deepseek_v3, gpt_oss, llama, qwen3_moe
from mlx_lm.utils import load_model, quantize_model, save_config, save_model

mx.set_default_device(mx.cpu)
COUNT, MORE = 24, 12
VOCABULARY = 96
IDS = [(i * 37 + i // 7) % VOCABULARY for i in range(COUNT)]

GPT_OSS = dict(
    model_type="gpt_oss", architectures=["GptOssForCausalLM"], hidden_size=64,
    intermediate_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    head_dim=16, vocab_size=VOCABULARY, num_local_experts=4, num_experts_per_tok=2,
    sliding_window=8, rms_norm_eps=1e-5, rope_theta=150000, attention_bias=True,
    max_position_embeddings=2048, tie_word_embeddings=False,
    layer_types=["sliding_attention", "full_attention"],
    rope_scaling=dict(rope_type="default"))  # mlx-lm knows no truncate=False of yarn
DEEPSEEK_V3 = dict(
    model_type="deepseek_v3", architectures=["DeepseekV3ForCausalLM"], hidden_size=64,
    intermediate_size=64, moe_intermediate_size=32, num_hidden_layers=3, num_attention_heads=4,
    num_key_value_heads=4, n_shared_experts=1, n_routed_experts=8, routed_scaling_factor=2.5,
    kv_lora_rank=32, q_lora_rank=32, qk_rope_head_dim=8, v_head_dim=12, qk_nope_head_dim=32,
    n_group=4, topk_group=2, num_experts_per_tok=3, first_k_dense_replace=1, vocab_size=VOCABULARY,
    max_position_embeddings=2560, rms_norm_eps=1e-6, rope_theta=10000.0, norm_topk_prob=True,
    rope_scaling=dict(type="yarn", factor=40.0, beta_fast=32, beta_slow=1, mscale=1.0,
                      mscale_all_dim=1.0, original_max_position_embeddings=64))
LLAMA = dict(
    model_type="llama", architectures=["LlamaForCausalLM"], hidden_size=64, intermediate_size=96,
    num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, vocab_size=VOCABULARY,
    rms_norm_eps=1e-5, rope_theta=10000.0, max_position_embeddings=512,
    tie_word_embeddings=False)
QWEN3_MOE = dict(
    model_type="qwen3_moe", architectures=["Qwen3MoeForCausalLM"], hidden_size=64,
    intermediate_size=96, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    head_dim=16, num_experts=8, num_experts_per_tok=3, decoder_sparse_step=1, mlp_only_layers=[],
    moe_intermediate_size=32, norm_topk_prob=True, vocab_size=VOCABULARY, rms_norm_eps=1e-6,
    rope_theta=10000.0, max_position_embeddings=512, tie_word_embeddings=False)


def random_model(module, config, seed=13):
    """Wide enough that every part matters."""
    mx.random.seed(seed)
    model = module.Model(module.ModelArgs.from_dict(config))
    weights = []
    for name, old in tree_flatten(model.parameters()):
        if name.endswith("norm.weight"):
            new = 1 + 0.2 * mx.random.normal(old.shape)
        else:
            new = 0.15 * mx.random.normal(old.shape)
        weights.append((name, new.astype(mx.bfloat16)))
    model.load_weights(weights)
    return model


def save(folder, model, config):
    folder.mkdir(parents=True, exist_ok=True)
    save_model(folder, model)
    (folder / "model.safetensors.index.json").unlink()
    save_config(config, folder / "config.json")


def expect(folder):
    model, _ = load_model(folder)
    # So that the answer does not hang on how MLX rounds narrower ones.
    model.update(tree_map(lambda p: p.astype(mx.float32) if p.dtype == mx.bfloat16 else p,
                          model.parameters()))
    ids, margins = list(IDS), []
    for _ in range(MORE):
        logits = model(mx.array([ids]))[0, -1].astype(mx.float32)
        best = mx.sort(logits)[-2:]
        margins.append((best[1] - best[0]).item())
        ids.append(mx.argmax(logits).item())
    logits = model(mx.array([IDS]))[0, -1].astype(mx.float32)
    told = dict(ids=IDS, last_logits=[round(x, 5) for x in logits.tolist()],
                greedy_ids=ids[COUNT:], least_margin=round(min(margins), 5))
    (folder / "mlx_lm.json").write_text(json.dumps(told) + "\n")
    print(folder.name, told["greedy_ids"], told["least_margin"], mx.std(logits).item())


def quantized(root, name, module, config, group, bits, mode, predicate=None):
    model = random_model(module, config)
    model, config = quantize_model(model, config, group, bits, mode, predicate)
    save(root / name, model, config)
    expect(root / name)


def published_gpt_oss(root, name):
    """As OpenAI publishes it: experts in blocks of MXFP4, gate and up interleaved, the rest plain."""
    model = random_model(gpt_oss, GPT_OSS)
    weights = {}
    for key, value in tree_flatten(model.parameters()):
        if "experts" not in key:
            weights[key] = value.astype(mx.bfloat16)
    for layer, block in enumerate(model.model.layers):
        at = f"model.layers.{layer}.mlp.experts."
        experts = block.mlp.experts

        def interleaved(gate, up):
            return mx.stack([gate, up], axis=2).reshape(gate.shape[0], -1, *gate.shape[2:])

        gate_up = interleaved(experts.gate_proj.weight, experts.up_proj.weight)
        for part, weight in (("gate_up_proj", gate_up), ("down_proj", experts.down_proj.weight)):
            words, scales = mx.quantize(weight, group_size=32, bits=4, mode="mxfp4")
            weights[at + part + "_blocks"] = words.view(mx.uint8).reshape(*scales.shape, 16)
            weights[at + part + "_scales"] = scales
        bias = interleaved(experts.gate_proj.bias, experts.up_proj.bias)
        weights[at + "gate_up_proj_bias"] = bias.astype(mx.bfloat16)
        weights[at + "down_proj_bias"] = experts.down_proj.bias.astype(mx.bfloat16)
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    mx.save_safetensors(str(folder / "model.safetensors"), weights, {"format": "pt"})
    save_config(dict(GPT_OSS, quantization_config=dict(
        quant_method="mxfp4", modules_to_not_convert=["lm_head"])), folder / "config.json")
    expect(folder)


def mixed(path, module):
    """What mlx-lm's own recipes do: more bits for what matters more, and some left alone."""
    if path.endswith("v_proj") or "lm_head" in path:
        return {"group_size": 64, "bits": 8}
    if path.endswith("layers.1.mlp.down_proj"):
        return {"group_size": 32, "bits": 6}
    return not path.endswith("layers.0.self_attn.k_proj")


def mixed_modes(path, module):
    if path.endswith("gate"):
        return {"group_size": 64, "bits": 8, "mode": "affine"}
    if "switch_mlp" in path:
        return {"group_size": 32, "bits": 8, "mode": "mxfp8"}
    return True


root = Path(sys.argv[1])
quantized(root, "gpt_oss_mxfp4", gpt_oss, GPT_OSS, 32, 4, "mxfp4")
published_gpt_oss(root, "gpt_oss_published")
quantized(root, "deepseek_v3_4bit", deepseek_v3, DEEPSEEK_V3, 32, 4, "affine")
quantized(root, "llama_mixed", llama, LLAMA, 32, 4, "affine", mixed)
quantized(root, "qwen3_moe_nvfp4_mxfp8", qwen3_moe, QWEN3_MOE, 16, 4, "nvfp4", mixed_modes)
