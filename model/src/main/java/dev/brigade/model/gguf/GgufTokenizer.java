package dev.brigade.model.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.EngineException.Unsupported;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tokenizer of a file, said as the {@code tokenizer.json} that the model had before it was
 * converted, as far as the file still has it. Two kinds exist: byte pairs ({@code gpt2}) and
 * SentencePiece ({@code llama}).
 */
public final class GgufTokenizer {
  private static final System.Logger LOG = System.getLogger(GgufTokenizer.class.getName());
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String MODEL = "tokenizer.ggml.model";
  private static final String SPACE = "\u2581";

  private final GgufFile file;
  private final GgufVocabulary vocabulary;
  private final Map<String, Integer> ids = new LinkedHashMap<>();

  private GgufTokenizer(GgufFile file, GgufVocabulary vocabulary) {
    this.file = file;
    this.vocabulary = vocabulary;
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.putIfAbsent(vocabulary.token(id), id);
    }
  }

  /** Whether a file has one. */
  public static boolean isIn(GgufFile file) {
    return file.metadata().containsKey("tokenizer.ggml.tokens")
        && file.text(MODEL).filter(model -> !model.matches("none|no_vocab")).isPresent();
  }

  /**
   * The text of a {@code tokenizer.json}.
   *
   * @throws BadModel if the file has none, or its parts do not fit each other
   * @throws Unsupported if it is of a kind, or cuts text in a way, that is not known
   */
  public static String json(GgufFile file) throws BadModel, Unsupported {
    Optional<GgufVocabulary> vocabulary = GgufVocabulary.of(file);
    if (!isIn(file) || vocabulary.isEmpty()) {
      throw new BadModel(file.path() + " has no tokenizer");
    }
    return new GgufTokenizer(file, vocabulary.get()).json().toString();
  }

  /**
   * Texts of special tokens by the names that chat templates have for them, such as {@code
   * bos_token}.
   */
  public static Map<String, String> specialTokens(GgufFile file) throws BadModel {
    return GgufVocabulary.of(file).map(GgufVocabulary::specials).orElse(Map.of());
  }

  /** Sources of chat templates by name; the usual one is {@code default}. */
  public static Map<String, String> chatTemplates(GgufFile file) throws BadModel {
    String key = "tokenizer.chat_template";
    Map<String, String> templates = new LinkedHashMap<>();
    file.text(key).ifPresent(template -> templates.put("default", template));
    if (file.metadata().get("tokenizer.chat_templates") instanceof List<?> names) {
      for (Object name : names) {
        String template =
            file.text(key + "." + name)
                .orElseThrow(
                    () ->
                        new BadModel(
                            "%s: tokenizer.chat_templates names '%s', but there is no %s.%s"
                                .formatted(file.path(), name, key, name)));
        templates.put(name.toString(), template);
      }
    }
    return templates;
  }

  private ObjectNode json() throws BadModel, Unsupported {
    String kind = file.text(MODEL).orElseThrow();
    ObjectNode tokenizer = JSON.objectNode().put("version", "1.0");
    boolean begins;
    if (kind.equals("gpt2")) {
      PreTokenizer pre = preTokenizer();
      bytePairs(tokenizer, pre);
      begins = pre.addsBegin();
    } else if (kind.equals("llama")) {
      sentencePiece(tokenizer);
      begins = true;
    } else {
      throw new Unsupported(
          "%s: tokenizers of kind '%s' are not supported; known are gpt2 (byte pairs) and llama"
                  .formatted(file.path(), kind)
              + " (SentencePiece)");
    }
    tokenizer.set("added_tokens", addedTokens(kind));
    ends(flag("add_bos_token", begins), flag("add_eos_token", false))
        .ifPresent(ends -> tokenizer.set("post_processor", ends));
    return tokenizer;
  }

  private PreTokenizer preTokenizer() throws Unsupported {
    Optional<String> stated = file.text("tokenizer.ggml.pre").filter(name -> !name.isEmpty());
    if (stated.isEmpty()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} does not say how its tokenizer cuts text (tokenizer.ggml.pre); it was written by an"
              + " old converter, and answers may suffer",
          file.path());
    }
    String name = stated.orElse(PreTokenizer.DEFAULT);
    return PreTokenizer.named(name)
        .orElseThrow(
            () ->
                new Unsupported(
                    "%s: pre-tokenizer '%s' is not known; known are %s"
                        .formatted(file.path(), name, String.join(", ", PreTokenizer.names()))));
  }

  private void bytePairs(ObjectNode tokenizer, PreTokenizer pre) throws BadModel {
    ObjectNode model = model(merges()).put("ignore_merges", pre.ignoresMerges());
    tokenizer.set("model", model);
    if (pre.composed()) {
      tokenizer.set("normalizer", typed("NFC"));
    }
    ArrayNode steps = JSON.arrayNode();
    for (String expression : pre.split()) {
      ObjectNode split = typed("Split").put("behavior", "Isolated").put("invert", false);
      split.set("pattern", JSON.objectNode().put("Regex", expression));
      steps.add(split);
    }
    steps.add(byteLevel());
    tokenizer.set("pre_tokenizer", typed("Sequence").set("pretokenizers", steps));
    tokenizer.set("decoder", byteLevel());
  }

  private static ObjectNode byteLevel() {
    return typed("ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", false);
  }

  private void sentencePiece(ObjectNode tokenizer) throws BadModel {
    List<List<String>> merges = merges();
    ObjectNode model =
        model(merges.isEmpty() ? SentencePieceMerges.of(vocabulary, ids) : merges)
            .put("fuse_unk", true)
            .put("byte_fallback", ids.containsKey("<0x00>"));
    vocabulary.special("unk_token").ifPresent(unknown -> model.put("unk_token", unknown));
    tokenizer.set("model", model);

    boolean prefixed = flag("add_space_prefix", true);
    ArrayNode normalizers = JSON.arrayNode();
    ArrayNode decoders = JSON.arrayNode();
    if (prefixed) {
      normalizers.add(typed("Prepend").put("prepend", SPACE));
    }
    normalizers.add(replace(" ", SPACE));
    decoders.add(replace(SPACE, " ")).add(typed("ByteFallback")).add(typed("Fuse"));
    if (prefixed) {
      decoders.add(typed("Strip").put("content", " ").put("start", 1).put("stop", 0));
    }
    tokenizer.set("normalizer", typed("Sequence").set("normalizers", normalizers));
    tokenizer.set("decoder", typed("Sequence").set("decoders", decoders));
  }

  private static ObjectNode replace(String what, String by) {
    ObjectNode replace = typed("Replace").put("content", by);
    replace.set("pattern", JSON.objectNode().put("String", what));
    return replace;
  }

  private ObjectNode model(List<List<String>> merges) {
    ObjectNode vocab = JSON.objectNode();
    ids.forEach(vocab::put);
    ArrayNode pairs = JSON.arrayNode();
    merges.forEach(merge -> pairs.addArray().add(merge.get(0)).add(merge.get(1)));
    ObjectNode model = typed("BPE");
    model.set("vocab", vocab);
    model.set("merges", pairs);
    return model;
  }

  private List<List<String>> merges() throws BadModel {
    List<List<String>> merges = new ArrayList<>();
    for (String pair : GgufVocabulary.list(file, "merges", String.class, text -> text)) {
      int space = pair.indexOf(' ', 1);
      if (space < 0) {
        throw new BadModel("%s: merge '%s' is no pair".formatted(file.path(), pair));
      }
      String left = pair.substring(0, space);
      String right = pair.substring(space + 1);
      // Converters write added tokens in other words than the merges that once made them.
      if (ids.containsKey(left) && ids.containsKey(right) && ids.containsKey(left + right)) {
        merges.add(List.of(left, right));
      }
    }
    return merges;
  }

  private ArrayNode addedTokens(String kind) {
    // Phi-3's special tokens take the white space after them; GGUF has no place to say it.
    boolean phi3 =
        kind.equals("llama") && file.text("general.architecture").equals(Optional.of("phi3"));
    ArrayNode added = JSON.arrayNode();
    for (int id = 0; id < vocabulary.size(); id++) {
      String token = vocabulary.token(id);
      if (vocabulary.kind(id).isAdded() && !token.isEmpty() && ids.get(token) == id) {
        added.add(
            JSON.objectNode()
                .put("id", id)
                .put("content", token)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", phi3 && !token.matches("<unk>|<s>|<\\|endoftext\\|>"))
                .put("normalized", false)
                .put("special", vocabulary.kind(id).isSpecial()));
      }
    }
    return added;
  }

  /** What adds special tokens before and after a text. */
  private Optional<ObjectNode> ends(boolean begins, boolean ends) {
    Optional<String> before = vocabulary.special("bos_token").filter(token -> begins);
    Optional<String> after = vocabulary.special("eos_token").filter(token -> ends);
    if (before.isEmpty() && after.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode template = typed("TemplateProcessing");
    ObjectNode specials = JSON.objectNode();
    for (String sequence : List.of("A", "B")) {
      ArrayNode parts = template.withArray(sequence.equals("A") ? "single" : "pair");
      if (sequence.equals("B")) {
        parts.addAll(template.withArray("single").deepCopy());
      }
      before.ifPresent(token -> parts.add(specialToken(token, sequence)));
      parts.addObject().putObject("Sequence").put("id", sequence).put("type_id", type(sequence));
      after.ifPresent(token -> parts.add(specialToken(token, sequence)));
    }
    for (Optional<String> token : List.of(before, after)) {
      token.ifPresent(
          text -> {
            ObjectNode special = specials.putObject(text).put("id", text);
            special.putArray("ids").add(ids.get(text));
            special.putArray("tokens").add(text);
          });
    }
    template.set("special_tokens", specials);
    return Optional.of(template);
  }

  private static ObjectNode specialToken(String token, String sequence) {
    ObjectNode part = JSON.objectNode();
    part.putObject("SpecialToken").put("id", token).put("type_id", type(sequence));
    return part;
  }

  private static int type(String sequence) {
    return sequence.equals("A") ? 0 : 1;
  }

  private boolean flag(String name, boolean otherwise) {
    return file.metadata().get("tokenizer.ggml." + name) instanceof Boolean stated
        ? stated
        : otherwise;
  }

  private static ObjectNode typed(String type) {
    return JSON.objectNode().put("type", type);
  }
}
