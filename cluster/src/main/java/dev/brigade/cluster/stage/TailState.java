package dev.brigade.cluster.stage;

import dev.brigade.cluster.wire.Head;
import java.util.Arrays;

/** What the last stage knows of a request in order to draw its tokens. Owned by the loop. */
final class TailState {
  private final Head.Open open;
  private int[] ids;
  private int count;

  /**
   * @param ids prompt and answer so far
   */
  TailState(Head.Open open, int[] ids) {
    this.open = open;
    this.ids = ids.clone();
    this.count = ids.length;
  }

  Head.Open open() {
    return open;
  }

  /** The ids before a position. */
  int[] idsBefore(int position) {
    if (position > count) {
      throw new IllegalStateException("position " + position + " of " + count + " known ids");
    }
    return Arrays.copyOf(ids, position);
  }

  /** Adds what has been drawn. */
  void drawn(int position, int id) {
    if (position == ids.length) {
      ids = Arrays.copyOf(ids, Math.max(16, ids.length * 2));
    }
    ids[position] = id;
    count = position + 1;
  }

  /** Whether nothing comes after this token. */
  boolean isLast(int position, int id) {
    return position + 1 >= open.limit() || open.eos().contains(id);
  }
}
