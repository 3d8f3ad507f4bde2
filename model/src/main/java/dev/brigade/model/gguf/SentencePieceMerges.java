package dev.brigade.model.gguf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The merges of a SentencePiece vocabulary, which only has scores: neighbours are joined if that
 * makes a token, the one with the best score first. As a list it is what the {@code tokenizer.json}
 * of such models have (transformers, {@code generate_merges}).
 */
final class SentencePieceMerges {
  private record Merge(String left, String right, int made) {}

  private SentencePieceMerges() {}

  /**
   * Pairs of tokens, those to be joined first at the beginning.
   *
   * @param ids of all tokens by their texts
   */
  static List<List<String>> of(GgufVocabulary vocabulary, Map<String, Integer> ids) {
    List<Merge> merges = new ArrayList<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      GgufVocabulary.Kind kind = vocabulary.kind(id);
      if (kind == GgufVocabulary.Kind.NORMAL || kind == GgufVocabulary.Kind.UNDEFINED) {
        addWaysToMake(vocabulary.token(id), id, ids, merges);
      }
    }
    // Converters that do not know the scores write the same one everywhere; ids have the order
    // then.
    merges.sort(
        Comparator.comparingDouble((Merge merge) -> -vocabulary.score(merge.made()))
            .thenComparingInt(Merge::made)
            .thenComparingInt(merge -> -merge.left().length())
            .thenComparingInt(merge -> -merge.right().length()));
    return merges.stream().map(merge -> List.of(merge.left(), merge.right())).toList();
  }

  private static void addWaysToMake(
      String token, int id, Map<String, Integer> ids, List<Merge> merges) {
    for (int at = token.offsetByCodePoints(0, token.isEmpty() ? 0 : 1);
        at < token.length();
        at = token.offsetByCodePoints(at, 1)) {
      String left = token.substring(0, at);
      String right = token.substring(at);
      if (ids.containsKey(left) && ids.containsKey(right)) {
        merges.add(new Merge(left, right, id));
      }
    }
  }
}
