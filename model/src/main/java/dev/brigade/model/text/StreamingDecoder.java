package dev.brigade.model.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Text of ids that come one by one. What ids become depends on those before them, and a character
 * may take several: so a short window is decoded again and again, and its new part given out once
 * it is whole.
 */
final class StreamingDecoder implements IncrementalText {
  /** What a decoder puts in the place of bytes that are no whole character (yet). */
  private static final char NOT_WHOLE = '\uFFFD';

  /** A character has at most four bytes, so no more ids than this can be the start of one. */
  private static final int MOST_OF_A_CHARACTER = 3;

  /**
   * Ids held back at most. Nearly any real text has an id that ends with a whole character among so
   * many; what has not is bytes that are no text.
   */
  private static final int MOST_HELD_BACK = 16;

  private final Function<List<Integer>, String> decoder;
  private final List<Integer> window = new ArrayList<>();
  private int shown;

  /**
   * @param decoder gives the text of ids that follow each other
   */
  StreamingDecoder(Function<List<Integer>, String> decoder) {
    this.decoder = decoder;
  }

  @Override
  public String add(int id) {
    window.add(id);
    String text = decoder.apply(window);
    boolean whole = !text.isEmpty() && text.charAt(text.length() - 1) != NOT_WHOLE;
    if (whole) {
      return advance(window.size());
    }
    return window.size() - shown > MOST_HELD_BACK
        ? advance(window.size() - MOST_OF_A_CHARACTER)
        : "";
  }

  @Override
  public String finish() {
    return window.isEmpty() ? "" : advance(window.size());
  }

  /**
   * Gives out what is new in the ids before {@code end}, and keeps in the window those just given
   * out, and those after them.
   */
  private String advance(int end) {
    String before = decoder.apply(window.subList(0, shown));
    String text = decoder.apply(window.subList(0, end));
    String fresh = text.length() > before.length() ? text.substring(before.length()) : "";
    window.subList(0, shown).clear();
    shown = end - shown;
    return fresh;
  }
}
