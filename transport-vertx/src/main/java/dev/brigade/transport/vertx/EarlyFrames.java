package dev.brigade.transport.vertx;

import dev.brigade.spi.transport.NodeId;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Frames of nodes that know this one already but are not known here yet: two members learn of each
 * other at slightly different times. Bounded; without credit a sender sends no more than fits.
 */
final class EarlyFrames {
  private static final int MAX_NODES = 16;
  private static final int MAX_FRAMES = 256;

  private final Map<NodeId, List<Buffer>> frames = new LinkedHashMap<>();

  void keep(NodeId sender, Buffer frame) {
    if (frames.containsKey(sender) || frames.size() < MAX_NODES) {
      List<Buffer> kept = frames.computeIfAbsent(sender, id -> new ArrayList<>());
      if (kept.size() < MAX_FRAMES) {
        kept.add(frame);
      }
    } else {
      // A node that is gone, or never became a member, makes room.
      frames.remove(frames.keySet().iterator().next());
      keep(sender, frame);
    }
  }

  /** Gives and forgets what came from {@code sender}. */
  List<Buffer> of(NodeId sender) {
    List<Buffer> kept = frames.remove(sender);
    return kept == null ? List.of() : kept;
  }
}
