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
    return whole ? advance(text) : "";
  }

  @Override
  public String finish() {
    return window.isEmpty() ? "" : advance(decoder.apply(window));
  }

  /** Gives out what is new, and keeps in the window only what has just been given out. */
  private String advance(String text) {
    String before = decoder.apply(window.subList(0, shown));
    String fresh = text.length() > before.length() ? text.substring(before.length()) : "";
    window.subList(0, shown).clear();
    shown = window.size();
    return fresh;
  }
}
