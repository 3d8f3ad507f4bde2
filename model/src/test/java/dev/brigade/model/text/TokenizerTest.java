package dev.brigade.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against what Hugging Face's tokenizers give for the same files. */
class TokenizerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Path folder(String name) throws URISyntaxException {
    return Path.of(TokenizerTest.class.getResource(name).toURI());
  }

  private static JsonNode cases(String name) throws Exception {
    return JSON.readTree(folder(name).resolve("cases.json").toFile());
  }

  private static List<Integer> ids(JsonNode array) {
    List<Integer> ids = new ArrayList<>();
    array.forEach(id -> ids.add(id.intValue()));
    return ids;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bpe_llama3", "spm_llama2", "spm_llama2_legacy"})
  void textsBecomeTheReferencesIdsAndBack(String name) throws Exception {
    try (Tokenizer tokenizer = Tokenizer.open(folder(name))) {
      for (JsonNode example : cases(name).get("encode")) {
        String text = example.get("text").textValue();
        List<Integer> ids = ids(example.get("ids"));
        assertThat(tokenizer.encode(text, example.get("add_special_tokens").booleanValue()))
            .as("ids of %s", example.get("text"))
            .isEqualTo(ids);
        assertThat(tokenizer.decode(ids, false)).isEqualTo(example.get("decoded").textValue());
        assertThat(tokenizer.decode(ids, true))
            .isEqualTo(example.get("decoded_skip_special").textValue());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bpe_llama3", "spm_llama2", "spm_llama2_legacy"})
  void anyIdsBecomeTheReferencesText(String name) throws Exception {
    try (Tokenizer tokenizer = Tokenizer.open(folder(name))) {
      for (JsonNode example : cases(name).get("decode")) {
        List<Integer> ids = ids(example.get("ids"));
        for (String key : List.of("decoded", "decoded_skip_special")) {
          if (example.has(key)) {
            assertThat(tokenizer.decode(ids, key.endsWith("special")))
                .as("%s of %s", key, ids)
                .isEqualTo(example.get(key).textValue());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bpe_llama3", "spm_llama2", "spm_llama2_legacy"})
  void whatIsStreamedIsTheWholeTextInWholeCharacters(String name) throws Exception {
    try (Tokenizer tokenizer = Tokenizer.open(folder(name))) {
      for (JsonNode example : cases(name).get("stream")) {
        List<Integer> ids = ids(example.get("ids"));
        IncrementalText stream = tokenizer.incremental();
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < ids.size(); i++) {
          assertThat(tokenizer.decode(ids.subList(0, i + 1), false))
              .isEqualTo(example.get("prefix_decoded").get(i).textValue());
          String piece = stream.add(ids.get(i));
          shown.append(piece);
          assertThat(piece).doesNotEndWith("\uFFFD");
        }
        shown.append(stream.finish());
        assertThat(shown.toString()).isEqualTo(tokenizer.decode(ids, true));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bpe_llama3", "spm_llama2", "spm_llama2_legacy"})
  void longTextsAreNotCut(String name) throws Exception {
    try (Tokenizer tokenizer = Tokenizer.open(folder(name))) {
      String text = String.join(" ", IntStream.range(0, 20_000).mapToObj(i -> "word").toList());
      List<Integer> ids = tokenizer.encode(text, false);
      assertThat(ids).hasSizeGreaterThan(10_000);
      assertThat(tokenizer.decode(ids, false)).isEqualTo(text);
    }
  }

  @Test
  void aFileThatIsCutShortIsNamed(@TempDir Path broken) throws Exception {
    byte[] whole = Files.readAllBytes(folder("bpe_llama3").resolve("tokenizer.json"));
    Files.write(broken.resolve("tokenizer.json"), java.util.Arrays.copyOf(whole, 5000));
    TextException failure = catchThrowableOfType(TextException.class, () -> Tokenizer.open(broken));
    assertThat(failure.kind()).isEqualTo(TextException.Kind.BAD_FILE);
    assertThat(failure).hasMessageContaining("tokenizer.json").hasMessageContaining("cut short");
  }

  @Test
  void aFolderWithoutATokenizerSaysThatIdsCanBeUsed(@TempDir Path empty) {
    TextException failure = catchThrowableOfType(TextException.class, () -> Tokenizer.open(empty));
    assertThat(failure.kind()).isEqualTo(TextException.Kind.MISSING);
    assertThat(failure).hasMessageContaining("token ids");
  }

  @Test
  void aTokenizerThatWasClosedSaysSo() throws Exception {
    Tokenizer tokenizer = Tokenizer.open(folder("bpe_llama3"));
    IncrementalText text = tokenizer.incremental();
    tokenizer.close();
    tokenizer.close();
    for (ThrowingCallable use :
        List.<ThrowingCallable>of(
            () -> tokenizer.encode("a", true),
            () -> tokenizer.decode(List.of(1), true),
            () -> text.add(1))) {
      assertThatThrownBy(use)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("was closed");
    }
  }

  @Test
  void severalThreadsMayUseOneTokenizer() throws Exception {
    try (Tokenizer tokenizer = Tokenizer.open(folder("bpe_llama3"))) {
      List<Integer> expected = tokenizer.encode("Hello world, how are you?", true);
      assertThat(
              Stream.iterate(0, i -> i + 1)
                  .limit(500)
                  .parallel()
                  .map(i -> tokenizer.encode("Hello world, how are you?", true)))
          .allMatch(expected::equals);
    }
  }
}
