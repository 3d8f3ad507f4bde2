package dev.brigade.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamingDecoderTest {

  @Test
  void ofACharacterInSeveralIdsNothingIsShownUntilItIsWhole() {
    StreamingDecoder text = new StreamingDecoder(StreamingDecoderTest::utf8);
    assertThat(text.add('a')).isEqualTo("a");
    assertThat(text.add(0xE2)).isEmpty();
    assertThat(text.add(0x82)).isEmpty();
    assertThat(text.add(0xAC)).isEqualTo("\u20AC");
    assertThat(text.add('b')).isEqualTo("b");
    assertThat(text.finish()).isEmpty();
  }

  @Test
  void whatNeverGetsWholeIsShownAtTheEnd() {
    StreamingDecoder text = new StreamingDecoder(StreamingDecoderTest::utf8);
    assertThat(text.add('a')).isEqualTo("a");
    assertThat(text.add(0xE2)).isEmpty();
    assertThat(text.finish()).isEqualTo("\uFFFD");
  }

  @Test
  void bytesThatAreNoTextAreNotHeldBackForEver() {
    StreamingDecoder text = new StreamingDecoder(StreamingDecoderTest::utf8);
    StringBuilder shown = new StringBuilder();
    for (int i = 1; i <= 100; i++) {
      shown.append(text.add(0x80));
      assertThat(shown.length()).isGreaterThanOrEqualTo(i - 16);
    }
    assertThat(shown + text.add(0xE2) + text.add(0x82) + text.add(0xAC) + text.finish())
        .isEqualTo("\uFFFD".repeat(100) + "\u20AC");
  }

  @Test
  void aTextThatReallyEndsInTheReplacementCharacterKeepsIt() {
    StreamingDecoder text = new StreamingDecoder(StreamingDecoderTest::utf8);
    assertThat(text.add('a') + text.add(0xEF) + text.add(0xBF) + text.add(0xBD) + text.finish())
        .isEqualTo("a\uFFFD");
  }

  @Test
  void aDecoderThatDropsTheFirstSpaceDoesSoOnlyOnce() {
    StreamingDecoder text =
        new StreamingDecoder(
            ids -> {
              String words = String.join("", ids.stream().map(id -> " w" + id).toList());
              return words.isEmpty() ? words : words.substring(1);
            });
    assertThat(List.of(text.add(1), text.add(2), text.add(3))).containsExactly("w1", " w2", " w3");
  }

  private static String utf8(List<Integer> bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    bytes.forEach(out::write);
    return out.toString(StandardCharsets.UTF_8);
  }
}
