package dev.brigade.testkit.reference;

import java.util.List;

/**
 * One sequence's caches, one for each layer of its shard.
 *
 * @param firstLayer of the shard
 */
record LayerCaches(int firstLayer, List<KvCache> caches) {
  LayerCaches {
    caches = List.copyOf(caches);
  }

  /** The cache of a layer, by its number within the model. */
  KvCache ofLayer(int number) {
    return caches.get(number - firstLayer);
  }
}
