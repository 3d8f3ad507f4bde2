package dev.brigade.testkit.reference;

import dev.brigade.model.decoder.AttentionSpec;

/**
 * Causal attention of one layer over the caches of the sequences.
 *
 * @param sinks one logit per head; empty without
 */
record CachedAttention(int layer, AttentionSpec spec, float[] sinks) {

  Matrix apply(Matrix q, Matrix k, Matrix v, PassRows rows) {
    for (int row = 0; row < k.rows(); row++) {
      rows.sequence(row).cache().ofLayer(layer).put(rows.position(row), k, v, row);
    }
    Matrix y = new Matrix(q.rows(), spec.heads() * spec.kv().valueWidth());
    for (int row = 0; row < q.rows(); row++) {
      KvCache cache = rows.sequence(row).cache().ofLayer(layer);
      int last = rows.position(row);
      int first = spec.window().isPresent() ? last - spec.window().getAsInt() + 1 : 0;
      for (int head = 0; head < spec.heads(); head++) {
        attend(q, row, head, cache, Math.max(0, first), last, y);
      }
    }
    return y;
  }

  /** One head of one row over the positions {@code [first, last]}. */
  private void attend(Matrix q, int row, int head, KvCache cache, int first, int last, Matrix y) {
    int kvHead = head / (spec.heads() / spec.kv().heads());
    float[] weights = scores(q, row, head, kvHead, cache, first, last);
    int width = spec.kv().valueWidth();
    int target = row * y.width() + head * width;
    for (int position = first; position <= last; position++) {
      int source = position * cache.valuesPerToken() + kvHead * width;
      for (int i = 0; i < width; i++) {
        y.values()[target + i] += weights[position - first] * cache.values()[source + i];
      }
    }
  }

  private float[] scores(
      Matrix q, int row, int head, int kvHead, KvCache cache, int first, int last) {
    int width = spec.kv().keyWidth();
    float[] scores = new float[last - first + 1];
    float largest = sinks.length == 0 ? Float.NEGATIVE_INFINITY : sinks[head];
    for (int i = 0; i < scores.length; i++) {
      int key = (first + i) * cache.keysPerToken() + kvHead * width;
      float dot = Dot.product(q.values(), row * q.width() + head * width, cache.keys(), key, width);
      scores[i] = capped(dot * (float) spec.scale());
      largest = Math.max(largest, scores[i]);
    }
    double sum = sinks.length == 0 ? 0 : Math.exp(sinks[head] - largest);
    for (float score : scores) {
      sum += Math.exp(score - largest);
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) (Math.exp(scores[i] - largest) / sum);
    }
    return scores;
  }

  private float capped(float score) {
    if (spec.softcap().isEmpty()) {
      return score;
    }
    double limit = spec.softcap().getAsDouble();
    return (float) (limit * Math.tanh(score / limit));
  }
}
