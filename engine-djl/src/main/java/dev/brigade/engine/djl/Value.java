package dev.brigade.engine.djl;

/**
 * A tensor of the script to come: a local variable.
 *
 * @param name of the variable
 * @param kind its element type
 * @param width columns; 0 for the ids that enter, which have none
 */
record Value(String name, Kind kind, int width) {

  /** Element types within a script. */
  enum Kind {
    /** f32, whatever the precision. */
    WIDE,
    /** The precision's own type, in which matrices are multiplied. */
    NARROW,
    /** Whole numbers. */
    IDS
  }
}
