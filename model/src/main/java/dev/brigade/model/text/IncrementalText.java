package dev.brigade.model.text;

/** Turns the ids of one answer into text, one after the other. */
public interface IncrementalText {

  /**
   * Adds an id.
   *
   * @return the whole characters that are new; often empty
   */
  String add(int id);

  /** The answer has ended: what is left of a character that never got whole. */
  String finish();

  /** Gives no text at all. */
  static IncrementalText none() {
    return new IncrementalText() {
      @Override
      public String add(int id) {
        return "";
      }

      @Override
      public String finish() {
        return "";
      }
    };
  }
}
