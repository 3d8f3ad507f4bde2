package dev.brigade.cluster.simulation;

import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import java.util.List;

/** A request and what its client has been told of it. */
record SimulatedRequest(GenerationRequest request, List<GenerationEvent> events) {

  boolean hasEnded() {
    return !events.isEmpty()
        && (last() instanceof GenerationEvent.Finished || last() instanceof GenerationEvent.Failed);
  }

  GenerationEvent last() {
    return events.get(events.size() - 1);
  }

  List<Integer> streamed() {
    return events.stream()
        .filter(GenerationEvent.Token.class::isInstance)
        .map(event -> ((GenerationEvent.Token) event).id())
        .toList();
  }
}
