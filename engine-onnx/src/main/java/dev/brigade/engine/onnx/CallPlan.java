package dev.brigade.engine.onnx;

import dev.brigade.spi.engine.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Divides a pass into native calls. Attention takes several sequences at once only with one row
 * each, and only if their caches lie side by side: single rows of one slab run together, and slots
 * between them that have no row are given one that nobody looks at. All else runs sequence by
 * sequence.
 */
final class CallPlan {
  private final int most;
  private final List<Call> calls = new ArrayList<>();
  private final Map<OnnxSequence, Integer> counts = new LinkedHashMap<>();

  private CallPlan(int most) {
    this.most = most;
  }

  /** A slice and where its rows are. */
  private record Placed(Slice slice, OnnxSequence sequence, int from, int outputsFrom) {}

  private record Together(KvSlab slab, List<Boolean> rotation) {}

  /**
   * Makes the calls for a pass.
   *
   * @param most rows of one call, if it has more than one for a sequence
   */
  static List<Call> of(List<Slice> slices, int most) {
    CallPlan plan = new CallPlan(most);
    plan.add(place(slices));
    return plan.calls;
  }

  private static List<Placed> place(List<Slice> slices) {
    List<Placed> placed = new ArrayList<>();
    int from = 0;
    int outputsFrom = 0;
    for (Slice slice : slices) {
      OnnxSequence sequence = (OnnxSequence) slice.sequence();
      placed.add(new Placed(slice, sequence, from, outputsFrom));
      from += slice.count();
      outputsFrom += slice.outputs();
    }
    return placed;
  }

  private void add(List<Placed> slices) {
    Map<Together, List<Placed>> singles = new LinkedHashMap<>();
    for (Placed placed : slices) {
      OnnxSequence sequence = placed.sequence();
      counts.put(sequence, placed.slice().count());
      if (placed.slice().count() == 1) {
        Together key = new Together(sequence.slab(), sequence.rotation());
        singles.computeIfAbsent(key, k -> new ArrayList<>()).add(placed);
      }
    }
    singles.values().forEach(this::together);
    slices.stream().filter(placed -> placed.slice().count() > 1).forEach(this::alone);
  }

  private void alone(Placed placed) {
    int count = placed.slice().count();
    int silent = count - placed.slice().outputs();
    OnnxSequence sequence = placed.sequence();
    for (int done = 0; done < count; done += most) {
      int end = Math.min(count, done + most);
      int firstOutput = Math.max(done, silent);
      calls.add(
          new Call(
              sequence.slab(),
              sequence.slot(),
              new int[] {sequence.length() + done},
              end - done,
              sequence.rotation(),
              range(placed.from() + done, placed.from() + end),
              range(firstOutput - done, end - done),
              range(
                  placed.outputsFrom() + firstOutput - silent,
                  placed.outputsFrom() + end - silent)));
    }
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  private void together(List<Placed> singles) {
    KvSlab slab = singles.get(0).sequence().slab();
    List<Placed> bySlot =
        singles.stream().sorted(Comparator.comparing(placed -> placed.sequence().slot())).toList();
    int first = bySlot.get(0).sequence().slot();
    int slots = bySlot.get(bySlot.size() - 1).sequence().slot() - first + 1;
    int[] starts = new int[slots];
    int[] rows = new int[slots];
    for (int i = 0; i < slots; i++) {
      // Beyond all that the slot's sequence has or gets in this pass: there is always room for one.
      starts[i] = slab.occupant(first + i).map(this::lengthAfterPass).orElse(0);
      rows[i] = Call.NONE;
    }
    List<int[]> outputs = new ArrayList<>();
    for (Placed placed : bySlot) {
      int i = placed.sequence().slot() - first;
      starts[i] = placed.sequence().length();
      rows[i] = placed.from();
      if (placed.slice().outputs() == 1) {
        outputs.add(new int[] {i, placed.outputsFrom()});
      }
    }
    calls.add(
        new Call(
            slab,
            first,
            starts,
            1,
            bySlot.get(0).sequence().rotation(),
            rows,
            outputs.stream().mapToInt(output -> output[0]).toArray(),
            outputs.stream().mapToInt(output -> output[1]).toArray()));
  }

  private int lengthAfterPass(OnnxSequence sequence) {
    return sequence.length() + counts.getOrDefault(sequence, 0);
  }
}
