package dev.brigade.cluster.stage;

import java.util.LinkedHashMap;
import java.util.Map;

/** Requests that are over, up to some attempt, so that a late message does not bring one back. */
final class RecentlyClosed {
  private static final int LIMIT = 4096;
  private final Map<String, Integer> attempts = new LinkedHashMap<>();

  void add(String request, int attempt) {
    attempts.merge(request, attempt, Math::max);
    if (attempts.size() > LIMIT) {
      attempts.remove(attempts.keySet().iterator().next());
    }
  }

  boolean contains(String request, int attempt) {
    return attempts.getOrDefault(request, -1) >= attempt;
  }
}
