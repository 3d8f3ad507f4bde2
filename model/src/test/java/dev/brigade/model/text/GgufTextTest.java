package dev.brigade.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.model.gguf.TestGguf;
import dev.brigade.model.template.Conversation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tokenizers and templates from the metadata of a GGUF file do what their originals do. The files
 * have what llama.cpp's converter writes for those originals.
 */
class GgufTextTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String AT = "tokenizer.ggml.";
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int BYTE = 6;

  @TempDir private Path folder;

  private static JsonNode read(String name) throws IOException {
    try (InputStream in = GgufTextTest.class.getResourceAsStream(name)) {
      return JSON.readTree(in);
    }
  }

  private static TestGguf converted(JsonNode original, String kind) {
    JsonNode vocab = original.path("model").path("vocab");
    int size = vocab.size() + original.path("added_tokens").size();
    List<String> tokens = new ArrayList<>(Collections.nCopies(size, "[PAD]"));
    vocab.properties().forEach(entry -> tokens.set(entry.getValue().intValue(), entry.getKey()));
    List<Integer> types = new ArrayList<>();
    for (String token : tokens) {
      types.add(token.matches("<0x[0-9A-F]{2}>") ? BYTE : NORMAL);
    }
    for (JsonNode added : original.path("added_tokens")) {
      tokens.set(added.path("id").intValue(), added.path("content").textValue());
      types.set(added.path("id").intValue(), CONTROL);
    }
    int last = tokens.size();
    while (tokens.get(last - 1).equals("[PAD]")) {
      last--;
    }
    return new TestGguf()
        .with("general.architecture", "llama")
        .with(AT + "model", kind)
        .with(AT + "tokens", tokens.subList(0, last))
        .with(AT + "token_type", types.subList(0, last))
        .with(AT + "add_bos_token", true);
  }

  private static TestGguf bytePairs() throws IOException {
    JsonNode original = read("bpe_llama3/tokenizer.json");
    List<String> merges = new ArrayList<>();
    original
        .path("model")
        .path("merges")
        .forEach(pair -> merges.add(pair.get(0).textValue() + " " + pair.get(1).textValue()));
    return converted(original, "gpt2")
        .with(AT + "pre", "llama-bpe")
        .with(AT + "merges", merges)
        .with(AT + "bos_token_id", 2041)
        .with(AT + "eos_token_id", 2042);
  }

  /** SentencePiece's scores fall by one from merge to merge. */
  private static TestGguf sentencePiece() throws IOException {
    TestGguf file = converted(read("spm_llama2_legacy/tokenizer.json"), "llama");
    return file.with(AT + "bos_token_id", 1)
        .with(AT + "eos_token_id", 2)
        .with(AT + "unknown_token_id", 0)
        .with(AT + "scores", IntStream.range(0, 2048).mapToObj(id -> -(float) id).toList());
  }

  private Path write(TestGguf file) throws IOException {
    return file.write(folder.resolve("model.gguf"));
  }

  private static List<Integer> ids(JsonNode array) {
    List<Integer> ids = new ArrayList<>();
    array.forEach(id -> ids.add(id.intValue()));
    return ids;
  }

  private void assertIsTheOriginal(TestGguf file, String original) throws Exception {
    JsonNode cases = read(original + "/cases.json");
    try (Tokenizer tokenizer = Tokenizer.open(write(file))) {
      for (JsonNode example : cases.get("encode")) {
        List<Integer> ids = ids(example.get("ids"));
        boolean special = example.get("add_special_tokens").booleanValue();
        assertThat(tokenizer.encode(example.get("text").textValue(), special))
            .as("ids of %s", example.get("text"))
            .isEqualTo(ids);
        assertThat(tokenizer.decode(ids, false)).isEqualTo(example.get("decoded").textValue());
        assertThat(tokenizer.decode(ids, true))
            .isEqualTo(example.get("decoded_skip_special").textValue());
      }
      for (JsonNode example : cases.get("decode")) {
        if (example.has("decoded")) {
          assertThat(tokenizer.decode(ids(example.get("ids")), false))
              .isEqualTo(example.get("decoded").textValue());
        }
      }
    }
  }

  @Test
  void bytePairsBecomeTheOriginalsIdsAndBack() throws Exception {
    assertIsTheOriginal(bytePairs(), "bpe_llama3");
  }

  @Test
  void sentencePieceBecomesTheOriginalsIdsAndBack() throws Exception {
    assertIsTheOriginal(sentencePiece(), "spm_llama2_legacy");
  }

  @Test
  void whereAConverterKnewNoScoresTheOrderOfIdsHasThem() throws Exception {
    List<Float> same = Collections.nCopies(2048, -1000f);
    assertIsTheOriginal(sentencePiece().with(AT + "scores", same), "spm_llama2_legacy");
    assertIsTheOriginal(sentencePiece().without(AT + "scores"), "spm_llama2_legacy");
  }

  @Test
  void scoresDecideWhichNeighboursAreJoinedFirst() throws Exception {
    List<String> tokens = List.of("<unk>", "a", "b", "c", "ab", "bc", "abc");
    TestGguf file =
        new TestGguf()
            .with("general.architecture", "llama")
            .with(AT + "model", "llama")
            .with(AT + "tokens", tokens)
            .with(AT + "token_type", List.of(2, 1, 1, 1, 1, 1, 1))
            .with(AT + "unknown_token_id", 0)
            .with(AT + "add_space_prefix", false);
    for (float score : new float[] {-2f, -4f}) {
      file.with(AT + "scores", List.of(0f, 0f, 0f, 0f, score, -3f, -9f));
      try (Tokenizer tokenizer = Tokenizer.open(write(file))) {
        assertThat(tokenizer.encode("abc", false)).containsExactly(6);
        assertThat(tokenizer.encode("abcb", false)).containsExactly(6, 2);
        assertThat(tokenizer.encode("bab", false)).containsExactly(2, 4);
        assertThat(tokenizer.encode("abbc", false)).containsExactly(4, 5);
        assertThat(tokenizer.encode("az", false)).containsExactly(1, 0);
      }
    }
  }

  @Test
  void whatIsAddedToATextIsAsTheFileSays() throws Exception {
    TestGguf both = bytePairs().with(AT + "add_eos_token", true);
    TestGguf neither = bytePairs().with(AT + "add_bos_token", false);
    TestGguf unsaid = bytePairs().without(AT + "add_bos_token");
    assertThat(encoded(both, "")).containsExactly(2041, 2042);
    assertThat(encoded(neither, "")).isEmpty();
    assertThat(encoded(unsaid, "")).as("usual for llama-bpe").containsExactly(2041);
    assertThat(encoded(sentencePiece().without(AT + "add_bos_token"), "")).containsExactly(1);
  }

  @Test
  void aSpaceIsPutBeforeTheTextUnlessTheFileSaysOtherwise() throws Exception {
    TestGguf bare = sentencePiece().with(AT + "add_space_prefix", false);
    try (Tokenizer tokenizer = Tokenizer.open(write(bare))) {
      assertThat(tokenizer.encode("the", false))
          .isNotEqualTo(ids(sentencePiece(), "the"))
          .isNotEqualTo(tokenizer.encode(" the", false));
      assertThat(tokenizer.decode(tokenizer.encode(" the", false), false)).isEqualTo(" the");
    }
  }

  @Test
  void tokensThatAPersonDefinedAreFoundInTheTextAndShown() throws Exception {
    TestGguf file =
        new TestGguf()
            .with("general.architecture", "llama")
            .with(AT + "model", "llama")
            .with(AT + "tokens", List.of("<unk>", "a", "b", "<table>", "<end_of_turn>", "ab"))
            .with(AT + "token_type", List.of(2, 1, 1, USER_DEFINED, CONTROL, 1))
            .with(AT + "scores", List.of(0f, -1f, -1f, -1f, -1f, -1f))
            .with(AT + "unknown_token_id", 0)
            .with(AT + "add_space_prefix", false);
    try (Tokenizer tokenizer = Tokenizer.open(write(file))) {
      List<Integer> ids = tokenizer.encode("ab<table>a<end_of_turn>", false);
      assertThat(ids).containsExactly(5, 3, 1, 4);
      assertThat(tokenizer.decode(ids, true)).isEqualTo("ab<table>a");
      assertThat(tokenizer.decode(ids, false)).isEqualTo("ab<table>a<end_of_turn>");
    }
  }

  private List<Integer> encoded(TestGguf file, String text) throws Exception {
    try (Tokenizer tokenizer = Tokenizer.open(write(file))) {
      return tokenizer.encode(text, true);
    }
  }

  private List<Integer> ids(TestGguf file, String text) throws Exception {
    try (Tokenizer tokenizer = Tokenizer.open(file.write(folder.resolve("other.gguf")))) {
      return tokenizer.encode(text, false);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "default,Don't stop: 12345 ok, Don ' t _stop : _ 123 45 _ok",
        "gpt-2,Don't  stop: 12345 ok, Don 't _ _stop : _12345 _ok",
        "llama-bpe,Don'T stop: 12345 ok, Don 'T _stop : _ 123 45 _ok",
        "qwen2,Don't stop: 12345 ok, Don 't _stop : _ 1 2 3 4 5 _ok",
        "smollm,Don't stop: 12345 ok, Don 't _stop : _ 1 2 3 4 5 _ok",
        "gpt-4o,Don't stopHere: 12345, Don't _stop Here : _ 123 45",
        "tekken,Don't stopHere: 123, Don 't _stop Here : _ 1 2 3",
        "deepseek-llm,Don't stop: 12345 ok, Don ' t _stop : _ 12345 _ok",
        "deepseek-v3,Don't stop: 12345 ok, Don 't _stop : _ 123 45 _ok",
        "refact,x=12, x = 1 2",
        "dbrx,x=1234, x = 123 4",
      })
  void textIsCutAsTheNameOfThePreTokenizerSays(String example) throws Exception {
    String[] parts = example.split(",", 3);
    String text = parts[1];
    // Whole pieces are tokens, so that ids show where the text was cut.
    List<String> pieces = Arrays.asList(parts[2].strip().split(" "));
    List<String> tokens = new ArrayList<>();
    IntStream.range(33, 127).mapToObj(Character::toString).forEach(tokens::add);
    tokens.add("\u0120");
    List<String> merges = new ArrayList<>();
    for (String piece : pieces) {
      String token = piece.replace('_', '\u0120');
      for (int end = 2; end <= token.length(); end++) {
        String made = token.substring(0, end);
        if (!tokens.contains(made)) {
          tokens.add(made);
          merges.add(made.substring(0, end - 1) + " " + made.substring(end - 1));
        }
      }
    }
    TestGguf file =
        new TestGguf()
            .with("general.architecture", "llama")
            .with(AT + "model", "gpt2")
            .with(AT + "pre", parts[0])
            .with(AT + "tokens", tokens)
            .with(AT + "merges", merges);
    try (Tokenizer tokenizer = Tokenizer.open(write(file))) {
      assertThat(
              tokenizer.encode(text, false).stream()
                  .map(id -> tokens.get(id).replace('\u0120', '_')))
          .containsExactlyElementsOf(pieces);
    }
  }

  @Test
  void anUnknownPreTokenizerIsRefusedByName() throws Exception {
    Path file = write(bytePairs().with(AT + "pre", "cuneiform"));
    TextException failure = catchThrowableOfType(TextException.class, () -> Tokenizer.open(file));
    assertThat(failure.kind()).isEqualTo(TextException.Kind.BAD_FILE);
    assertThat(failure)
        .hasMessageContaining("'cuneiform'")
        .hasMessageContaining("llama-bpe")
        .hasMessageContaining("model.gguf");
  }

  @Test
  void anUnknownKindOfTokenizerIsRefusedByName() throws Exception {
    Path file = write(bytePairs().with(AT + "model", "t5"));
    TextException failure = catchThrowableOfType(TextException.class, () -> Tokenizer.open(file));
    assertThat(failure).hasMessageContaining("'t5'").hasMessageContaining("gpt2");
  }

  @Test
  void listsThatDoNotFitEachOtherAreRefused() throws Exception {
    Path shortTypes = write(bytePairs().with(AT + "token_type", List.of(1, 1)));
    assertThat(catchThrowableOfType(TextException.class, () -> Tokenizer.open(shortTypes)))
        .hasMessageContaining("token_type 2");
    Path noPair = write(bytePairs().with(AT + "merges", List.of("ab")));
    assertThat(catchThrowableOfType(TextException.class, () -> Tokenizer.open(noPair)))
        .hasMessageContaining("'ab' is no pair");
  }

  @Test
  void aFileWithoutATokenizerSaysThatIdsCanBeUsed() throws Exception {
    Path file = write(new TestGguf().with("general.architecture", "llama"));
    assertThat(Tokenizer.isIn(file)).isFalse();
    TextException failure = catchThrowableOfType(TextException.class, () -> Tokenizer.open(file));
    assertThat(failure.kind()).isEqualTo(TextException.Kind.MISSING);
    assertThat(failure).hasMessageContaining("token ids");
  }

  @Test
  void theChatTemplateKnowsTheSpecialTokens() throws Exception {
    Path file =
        write(
            bytePairs()
                .with("tokenizer.chat_template", "{{ bos_token }}{{ messages[0].content }}")
                .with("tokenizer.chat_templates", List.of("tool_use"))
                .with("tokenizer.chat_template.tool_use", "{{ tools[0].name }}{{ eos_token }}"));
    ChatFormat format = ChatFormat.open(file);
    ObjectNode hello = JSON.createObjectNode().put("role", "user").put("content", "hello");
    ObjectNode tool = JSON.createObjectNode().put("name", "clock");
    assertThat(format.render(Conversation.of(List.of(hello)), Clock.systemUTC()))
        .isEqualTo("<|begin_of_text|>hello");
    assertThat(
            format.render(
                Conversation.of(List.of(hello)).withTools(List.of(tool)), Clock.systemUTC()))
        .isEqualTo("clock<|end_of_text|>");
  }

  @Test
  void aFileWithoutATemplateSaysSo() throws Exception {
    ChatFormat format = ChatFormat.open(write(bytePairs()));
    Conversation nothing = Conversation.of(List.of(JsonNodeFactory.instance.objectNode()));
    assertThat(
            catchThrowableOfType(
                TextException.class, () -> format.render(nothing, Clock.systemUTC())))
        .hasMessageContaining("no chat template");
  }
}
