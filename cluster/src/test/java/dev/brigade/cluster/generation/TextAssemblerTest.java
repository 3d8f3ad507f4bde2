package dev.brigade.cluster.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TextAssemblerTest {

  @Test
  void aStopTextThatSpansPiecesEndsTheAnswerBeforeIt() {
    TextAssembler assembler = new TextAssembler(List.of("\nUser:"));
    assertThat(assembler.add("Hello\nUs")).isEqualTo("Hello");
    assertThat(assembler.isStopped()).isFalse();
    assertThat(assembler.add("er: what")).isEmpty();
    assertThat(assembler.isStopped()).isTrue();
    assertThat(assembler.finish()).isEmpty();
  }

  @Test
  void whatOnlyLooksLikeAStopTextIsShownAfterAll() {
    TextAssembler assembler = new TextAssembler(List.of("END"));
    assertThat(assembler.add("the EN")).isEqualTo("the ");
    assertThat(assembler.add("EMY")).isEqualTo("ENEMY");
    assertThat(assembler.add(" E")).isEqualTo(" ");
    assertThat(assembler.finish()).isEqualTo("E");
  }

  @Test
  void ofStopTextsCompleteAtOnceTheLongestCutsFirst() {
    TextAssembler assembler = new TextAssembler(List.of("c", "abc"));
    assertThat(assembler.add("xabc")).isEqualTo("x");
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.strings().withChars('a', 'b', 'c').ofMinLength(1).ofMaxLength(4);
  }

  @Property(tries = 500)
  void theAnswerIsTheSameHoweverItIsCutIntoPieces(
      @ForAll @Size(max = 12) List<@net.jqwik.api.From("words") String> pieces,
      @ForAll @Size(min = 1, max = 3) List<@net.jqwik.api.From("words") String> stops) {
    String whole = String.join("", pieces);
    TextAssembler assembler = new TextAssembler(stops);
    StringBuilder shown = new StringBuilder();
    for (String piece : pieces) {
      shown.append(assembler.add(piece));
      assertThat(stops).noneMatch(stop -> shown.indexOf(stop) >= 0);
    }
    shown.append(assembler.finish());
    assertThat(shown.toString()).isEqualTo(expected(whole, stops));
  }

  /** The text before the stop text that is complete first. */
  private static String expected(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      String seen = text.substring(0, end);
      int longest = stops.stream().filter(seen::endsWith).mapToInt(String::length).max().orElse(-1);
      if (longest >= 0) {
        return seen.substring(0, end - longest);
      }
    }
    return text;
  }
}
